"""Submission of a case and its receipt page."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, CaseText
from bekhedmetkom.catalogue.models import Service
from tests.personas import HOUR, NOON, POTHOLE, Jordan

from ..browser import Browser
from .form_steps import BRIBE_TEXT, go_to_check, go_to_destination

SPOILT = "مطعم في وسط البلد يبيع لحمًا فاسدًا"


def sent(browser: Browser) -> tuple[str, str]:
    reference, code = (found.get_text(strip=True) for found in browser.page.select(".receipt dd"))
    return reference, code


@pytest.mark.parametrize("kind", ["question", "suggestion", "praise", "complaint"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_open_kind_is_submitted(kind: str, prefix: str, jordan: Jordan, browser: Browser) -> None:
    browser.open(f"{prefix}/new").send(kind=kind).send(text=POTHOLE).send(to="GAM/-")
    if kind in ("complaint", "suggestion"):
        browser.send()
    browser.send(contact="none").send("send")
    assert browser.title in ("وصل طلبك", "We have your case")
    case = Case.objects.get(reference=sent(browser)[0])
    assert (case.kind, case.language, case.channel) == (kind, prefix[1:] or "ar", "portal")
    assert case.entity.code == "GAM"


def test_violation_withholds_the_name(jordan: Jordan, browser: Browser) -> None:
    browser.open("/new?kind=violation").send(fear="no").send(text=SPOILT).send(to="GAM/-").send()
    browser.send(contact="given", name="سامر", phone="0791234567")
    assert "اسمك مخفي" in browser.text
    browser.send("send")
    case = Case.objects.get(reference=sent(browser)[0])
    assert (case.kind, case.withheld, case.care) == ("violation", True, "inspection")


def test_case_without_destination_goes_to_triage(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser, kind="question", text="عندي استفسار عن شيء ما").send(to="us").send(
        contact="none"
    )
    assert "نوجّهه نحن" in browser.text
    browser.send("send")
    assert Case.objects.get().triage
    assert "تحدد وحدة المتابعة في رئاسة الوزراء الجهة" in browser.text


def test_receipt_shows_reference_code_and_deadline(jordan: Jordan, browser: Browser) -> None:
    go_to_check(browser).send("send")
    reference, code = sent(browser)
    assert reference.startswith("BK-")
    assert len(code) == 11
    assert "الثلاثاء 1 كانون الأول" in browser.text
    tile = browser.page.select_one(".date-tile")
    assert tile and tile.get_text(" ", strip=True) == "الثلاثاء 1 كانون الأول"
    assert code not in browser.path
    assert "no-store" in browser.answer["Cache-Control"]


def test_receipt_can_be_reloaded_for_an_hour(
    jordan: Jordan, browser: Browser, set_clock: Callable[[datetime], None]
) -> None:
    go_to_check(browser).send("send")
    before = sent(browser)
    set_clock(NOON + timedelta(minutes=59))
    assert sent(browser.open("/new/received")) == before
    assert sent(browser.open("/en/new/received")) == before
    set_clock(NOON + HOUR)
    assert browser.open("/new/received").title == "تتبّع طلبك"


def test_repeated_submission_makes_one_case(jordan: Jordan, browser: Browser) -> None:
    go_to_check(browser)
    page, answer = browser.page, browser.answer
    first = sent(browser.send("send"))
    browser.page, browser.answer = page, answer  # the back button, a second click or a lost connection
    assert sent(browser.send("send")) == first
    assert Case.objects.count() == 1


def test_cookie_does_not_reveal_the_code(jordan: Jordan, browser: Browser) -> None:
    go_to_check(browser).send("send")
    reference, code = sent(browser)
    cookie = browser.client.cookies["received-ar"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"]) == ("Lax", "/new/received")
    assert reference not in cookie.value
    assert code.replace("-", "") not in cookie.value


@pytest.mark.parametrize("value", ["", "x", "AAAA", "not base64 at all!", "ÿ"])
def test_forged_cookie_is_ignored(value: str, jordan: Jordan, client: Client) -> None:
    client.cookies["received-ar"] = value
    assert client.get("/new/received").status_code == 302


def test_cookie_of_one_page_does_not_open_another(jordan: Jordan, browser: Browser) -> None:
    go_to_check(browser).send("send")
    reference, _code = sent(browser)
    browser.client.cookies["case-ar"] = browser.client.cookies["received-ar"].value
    assert browser.client.get(f"/c/{reference}").status_code == 302


def test_missing_answer_is_asked_before_submission(jordan: Jordan, client: Client) -> None:
    answer = client.post(
        "/new", {"step": "check", "go": "send", "key": "k" * 32, "kind": "complaint", "text": POTHOLE}
    )
    assert "إلى أي جهة؟" in answer.content.decode()
    assert Case.objects.count() == 0


@pytest.mark.parametrize("key", ["", "short"])
def test_missing_key_shows_the_check_page_again(key: str, jordan: Jordan, browser: Browser) -> None:
    go_to_check(browser).send("send", key=key)
    assert browser.title == "راجع طلبك قبل الإرسال"
    assert browser.errors
    assert browser.send("send").title == "وصل طلبك"


def test_gate_also_applies_at_submission(jordan: Jordan, client: Client) -> None:
    everything = {
        "step": "check",
        "go": "send",
        "key": "k" * 32,
        "kind": "complaint",
        "text": BRIBE_TEXT,
        "to": "GAM/-",
        "placed": "1",
        "contact": "none",
    }
    answer = client.post("/new", everything)
    assert "قبل أن تكمل" in answer.content.decode()
    assert (Case.objects.count(), CaseText.objects.count()) == (0, 0)
    assert client.post("/new", everything | {"gate": "declined"}).status_code == 302
    assert Case.objects.count() == 1


def test_deadline_of_the_check_page_is_kept(jordan: Jordan, browser: Browser) -> None:
    topic = Service.objects.filter(entity__code="GAM", complexity="field").first()
    assert topic
    go_to_destination(browser).send(to=f"GAM/{topic.code}").send(governorate="GOV-AM").send(contact="none")
    promised = browser.page.select_one(".date-tile")
    browser.send("send")
    assert promised and browser.page.select_one(".date-tile") == promised


def test_key_stays_while_a_submission_is_running(
    jordan: Jordan, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**_: object) -> None:
        raise commands.SubmissionInProgress

    go_to_check(browser)
    key = browser.hidden["key"]
    monkeypatch.setattr(commands, "submit_case", busy)
    browser.send("send")
    assert browser.errors == ["طلبك قيد الإرسال. انتظر لحظة."]
    assert browser.hidden["key"] == key


def test_case_for_another_person_stores_their_name(jordan: Jordan, browser: Browser) -> None:
    go_to_check(
        browser, contact="given", name="سامر", phone="0791234567", for_name="أم سامر", for_relation="والدتي"
    )
    assert "أم سامر" in browser.text
    browser.send("send")
    who = Case.objects.get().particulars
    assert (who.name, who.for_name, who.for_relation) == ("سامر", "أم سامر", "والدتي")
    reference, code = sent(browser)
    browser.open("/track").send(reference=reference, code=code.replace(" ", ""))
    assert "كتبته عن: أم سامر ( والدتي )" in browser.text


def test_anonymous_case_can_name_another_person(jordan: Jordan, browser: Browser) -> None:
    go_to_check(browser, contact="none", name="سامر", for_name="أم سامر", for_relation="والدتي").send("send")
    who = Case.objects.get().particulars
    assert (who.name, who.phone, who.for_name) == ("", "", "أم سامر")
