"""Attack 7: a good receipt and a bad one cost the same, take the same time, and are answered in one status and size."""

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

ROUNDS = 500  # of each: a thousand receipts
SURE = 0.0001  # that the two are different, before the test says so


def work_of(lookup: bytes) -> float:
    """CPU seconds of one answer."""
    begun = thread_time()
    conversation.get_encrypted_conversation(lookup)
    return thread_time() - begun


def test_the_work_is_the_same(box: Installation, client: Client) -> None:
    good = derive_keys(submit_report(client)).lookup_id

    def promise() -> None:
        bad = [uuid4().bytes for _ in range(ROUNDS)]
        pairs = [
            (work_of(good), work_of(one)) for one in bad
        ]  # in turn: whatever else the machine does meets both
        assert ks_2samp(*zip(*pairs, strict=True)).pvalue > SURE

    whole = conversation.get_encrypted_conversation

    def at_once(lookup: bytes) -> bytes:
        return whole(lookup) if Report.objects.filter(lookup=lookup).exists() else b""

    check_with_mutations(
        promise,
        {
            "a bad one is answered at once": lambda patch: patch.setattr(
                conversation, "get_encrypted_conversation", at_once
            )
        },
    )


def test_the_answer_has_one_size_and_comes_on_the_step(
    box: Installation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = derive_keys(submit_report(client)).lookup_id

    def asked(lookup: bytes) -> tuple[int, int, float]:
        begun = monotonic()
        said = json.dumps({"lookup": lookup.hex()})
        answer = client.post("/open", said, content_type="application/json")
        return answer.status_code, len(answer.content) // 1024, monotonic() - begun

    def promise() -> None:
        for lookup in chain.from_iterable((good, uuid4().bytes) for _ in range(3)):
            status, size, seconds = asked(lookup)
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


def test_without_javascript_both_are_led_on_and_shown_a_page_of_one_size(
    box: Installation, client: Client
) -> None:
    words = submit_report(client)

    def shown(typed: Any) -> tuple[int, int, int, int]:
        visitor = Client()
        led = visitor.post("/words", {"words": " ".join(typed)})
        page = visitor.get(led["Location"])
        return led.status_code, len(led.cookies["__Host-box"].value), page.status_code, len(page.content)

    assert shown(words) == shown(generate_receipt())
    assert "لا يفتح شيء" in log_in(Client(), generate_receipt()).content.decode()
