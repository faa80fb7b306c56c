"""Attack 7: valid and invalid receipts have the same cost, time, status and size of response."""

import json
from itertools import chain
from time import monotonic, thread_time
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from scipy.stats import ks_2samp

from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Report
from bekhedmetkom.disclosures.queries import conversation
from bekhedmetkom.disclosures.rules.receipts import derive_keys, generate_receipt
from bekhedmetkom.interfaces.box.discloser import encrypted_api, receipt_login
from tests.box.support.actors import log_in, submit_report
from tests.mutations import check_with_mutations

ROUNDS = 500  # of each kind
SIGNIFICANCE = 0.0001  # p-value below which the two differ


def measure_cpu_seconds(lookup: bytes) -> float:
    begun = thread_time()
    conversation.get_encrypted_conversation(lookup)
    return thread_time() - begun


def test_valid_and_invalid_receipt_cost_the_same(box: Installation, client: Client) -> None:
    good = derive_keys(submit_report(client)).lookup_id

    def promise() -> None:
        bad = [uuid4().bytes for _ in range(ROUNDS)]
        # In turn, so that the machine's load affects both
        pairs = [(measure_cpu_seconds(good), measure_cpu_seconds(lookup_id)) for lookup_id in bad]
        assert ks_2samp(*zip(*pairs, strict=True)).pvalue > SIGNIFICANCE

    get_encrypted_conversation = conversation.get_encrypted_conversation

    def answer_invalid_at_once(lookup: bytes) -> bytes:
        return get_encrypted_conversation(lookup) if Report.objects.filter(lookup=lookup).exists() else b""

    check_with_mutations(
        promise,
        {
            "a bad one is answered at once": lambda patch: patch.setattr(
                conversation, "get_encrypted_conversation", answer_invalid_at_once
            )
        },
    )


def test_responses_have_one_size_and_a_time_step(
    box: Installation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = derive_keys(submit_report(client)).lookup_id

    def request(lookup: bytes) -> tuple[int, int, float]:
        begun = monotonic()
        body = json.dumps({"lookup": lookup.hex()})
        answer = client.post("/open", body, content_type="application/json")
        return answer.status_code, len(answer.content) // 1024, monotonic() - begun

    def promise() -> None:
        for lookup in chain.from_iterable((good, uuid4().bytes) for _ in range(3)):
            status, size, seconds = request(lookup)
            assert (status, size) == (200, 4)
            assert seconds >= receipt_login.TIME_STEP_SECONDS

    check_with_mutations(
        promise,
        {
            "nobody waits for the step": lambda patch: patch.setattr(
                encrypted_api, "wait_for_time_step", lambda begun: None
            )
        },
    )


def test_pages_without_javascript_have_one_size(box: Installation, client: Client) -> None:
    words = submit_report(client)

    def get_sizes(typed: Any) -> tuple[int, int, int, int]:
        visitor = Client()
        led = visitor.post("/words", {"words": " ".join(typed)})
        page = visitor.get(led["Location"])
        return led.status_code, len(led.cookies["__Host-box"].value), page.status_code, len(page.content)

    assert get_sizes(words) == get_sizes(generate_receipt())
    assert "لا يفتح شيء" in log_in(Client(), generate_receipt()).content.decode()
