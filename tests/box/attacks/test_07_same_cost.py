"""Attack 7: a good receipt and a bad one cost the same, take the same time, and are answered in one status and size."""

import json
from itertools import chain
from time import monotonic, thread_time
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from scipy.stats import ks_2samp

from bekhedmetkom.disclosures.models import Report
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.queries import answers
from bekhedmetkom.disclosures.rules.receipts import derive, new_receipt
from bekhedmetkom.interfaces.box import returning, sealed
from tests.box.people import comes_back, sends
from tests.broken import holds

ROUNDS = 500  # of each: a thousand receipts
SURE = 0.0001  # that the two are different, before the test says so


def work_of(lookup: bytes) -> float:
    """CPU seconds of one answer."""
    begun = thread_time()
    answers.answer(lookup)
    return thread_time() - begun


def test_the_work_is_the_same(box: Place, client: Client) -> None:
    good = derive(sends(client)).lookup

    def promise() -> None:
        bad = [uuid4().bytes for _ in range(ROUNDS)]
        pairs = [
            (work_of(good), work_of(one)) for one in bad
        ]  # in turn: whatever else the machine does meets both
        assert ks_2samp(*zip(*pairs, strict=True)).pvalue > SURE

    whole = answers.answer

    def at_once(lookup: bytes) -> bytes:
        return whole(lookup) if Report.objects.filter(lookup=lookup).exists() else b""

    holds(promise, {"a bad one is answered at once": lambda patch: patch.setattr(answers, "answer", at_once)})


def test_the_answer_has_one_size_and_comes_on_the_step(
    box: Place, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = derive(sends(client)).lookup

    def asked(lookup: bytes) -> tuple[int, int, float]:
        begun = monotonic()
        said = json.dumps({"lookup": lookup.hex()})
        answer = client.post("/open", said, content_type="application/json")
        return answer.status_code, len(answer.content) // 1024, monotonic() - begun

    def promise() -> None:
        for lookup in chain.from_iterable((good, uuid4().bytes) for _ in range(3)):
            status, size, seconds = asked(lookup)
            assert (status, size) == (200, 4)
            assert seconds >= returning.STEP_SECONDS

    holds(
        promise,
        {"nobody waits for the step": lambda patch: patch.setattr(sealed, "on_the_step", lambda begun: None)},
    )


def test_without_javascript_both_are_led_on_and_shown_a_page_of_one_size(box: Place, client: Client) -> None:
    words = sends(client)

    def shown(typed: Any) -> tuple[int, int, int, int]:
        visitor = Client()
        led = visitor.post("/words", {"words": " ".join(typed)})
        page = visitor.get(led["Location"])
        return led.status_code, len(led.cookies["__Host-box"].value), page.status_code, len(page.content)

    assert shown(words) == shown(new_receipt())
    assert "لا يفتح شيء" in comes_back(Client(), new_receipt()).content.decode()
