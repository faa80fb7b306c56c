"""The challenge after many submissions from one network: code, proof of work or waiting."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from bekhedmetkom.cases.models import Case
from bekhedmetkom.identity import rate_limit
from bekhedmetkom.notifications.encryption import decrypt_secret
from bekhedmetkom.notifications.models import Message
from tests.personas import NOON, Jordan
from tests.proof_of_work import solve_challenge

from ..browser import Browser
from .form_steps import go_to_check
from .test_submission import sent

TITLE = "خطوة أخيرة قبل الإرسال"


@pytest.fixture(autouse=True)
def _full(settings: Settings) -> Iterator[None]:
    """Exhaust the network's limit, so that the next submission is challenged."""
    settings.ADDRESS_BURST, settings.ADDRESS_PER_HOUR, settings.PROOF_BITS = 3, 360, 6
    rate_limit.clear_local_counters()
    yield
    rate_limit.clear_local_counters()


@pytest.fixture
def asked(jordan: Jordan, browser: Browser) -> Browser:
    for _ in range(3):
        go_to_check(browser).send("send")
    go_to_check(browser).send("send")
    assert browser.title == TITLE
    assert browser.answer.status_code == 429
    assert int(browser.answer["Retry-After"]) > 0
    assert Case.objects.count() == 3
    return browser


def test_one_time_code_passes_the_challenge(asked: Browser) -> None:
    asked.send("code", **{"reach-address": "0791234567"})
    assert "أرسلنا رمزًا إلى" in asked.text
    code = decrypt_secret(bytes(Message.objects.get(address="+962791234567").sealed or b"")) or ""
    asked.send("send", **{"reach-code": code})
    assert asked.title == "وصل طلبك"
    assert Case.objects.get(reference=sent(asked)[0]).particulars.address == "طبربور"


def test_wrong_code_keeps_the_answers(asked: Browser) -> None:
    asked.send("code", **{"reach-address": "samer@example.jo"}).send("send", **{"reach-code": "000000"})
    assert asked.title == TITLE
    assert asked.errors == ["ليس هذا الرمز، أو انتهى وقته. اطلب رمزًا جديدًا"]
    assert asked.hidden["address"] == "طبربور"
    assert Case.objects.count() == 3


def test_code_can_be_sent_to_another_number(asked: Browser) -> None:
    asked.send("code", **{"reach-address": "0791111111"}).send("another")
    assert asked.errors == []
    asked.send("code", **{"reach-address": "0791234567"})
    code = decrypt_secret(bytes(Message.objects.get(address="+962791234567").sealed or b"")) or ""
    asked.send("send", **{"reach-code": code})
    assert asked.title == "وصل طلبك"


def test_invalid_contact_is_refused(asked: Browser) -> None:
    asked.send("code", **{"reach-address": "هاتفي"})
    assert asked.title == TITLE
    assert len(asked.errors) == 1
    assert not Message.objects.filter(template="code_challenge").exists()


def test_proof_of_work_passes_the_challenge(asked: Browser) -> None:
    form = asked.page.select_one("#proof")
    assert form
    proof = solve_challenge(str(form["data-challenge"]), int(str(form["data-bits"])))
    asked.send("send", proof=proof)
    assert asked.title == "وصل طلبك"


def test_waiting_passes_the_challenge(asked: Browser, set_clock: Callable[[datetime], None]) -> None:
    set_clock(NOON + timedelta(hours=1))
    asked.send("send")
    assert asked.title == "وصل طلبك"


def test_challenge_survives_a_change_of_language(asked: Browser) -> None:
    button = asked.page.select_one("button[form=proof]")
    assert button
    path = str(button["formaction"])
    assert re.match(r"/en/new", path)
    asked._see(asked.client.post(path, asked.hidden | {"go": "send"}, follow=True))
    assert asked.page.select_one("html[lang=en]")
    assert asked.hidden["address"] == "طبربور"
