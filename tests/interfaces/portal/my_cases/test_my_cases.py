"""The list of a person's cases after a one-time code."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import Settings

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import SubmissionResult
from bekhedmetkom.cases.rules.contact import ContactAddress, ContactType
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.identity import rate_limit
from tests.personas import NOON, Jordan
from tests.proof_of_work import solve_challenge

from ..browser import Browser
from ..sent_codes import get_sent_code, list_sent_messages

PHONE, OTHER = "+962791234567", "+962791234568"
MINUTE = timedelta(minutes=1)
Stands = Callable[[datetime], None]


def mine(jordan: Jordan, address: str = PHONE, **given: Any) -> SubmissionResult:
    """A case on which this number is confirmed."""
    case = jordan.submit(**given)
    commands.confirm_contact(
        case=case.case,
        actor=jordan.get_citizen(case),
        at=NOON,
        known=ContactAddress(ContactType.PHONE, address),
    )
    return case


def enter(browser: Browser, address: str = PHONE) -> Browser:
    browser.open("/mine").send(address=address)
    return browser.send(code=get_sent_code(address))


def listed(browser: Browser) -> list[str]:
    return [found.get_text() for found in browser.page.select("main .links small .ref")]


def test_one_time_code_opens_all_cases_without_their_access_codes(jordan: Jordan, browser: Browser) -> None:
    first, second = mine(jordan, at=NOON - MINUTE), mine(jordan)
    jordan.submit()  # with the same number, which nobody has confirmed
    mine(jordan, OTHER)
    enter(browser)

    assert browser.title == "كل طلباتي"
    assert listed(browser) == [second.reference, first.reference]
    assert "079 ••• ••67" in browser.text
    browser.open(f"/c/{first.reference}")
    assert browser.path == f"/c/{first.reference}"
    assert "حفرة" in browser.title
    browser.send(form="/write", text="وصارت الحفرة أكبر")
    assert browser.path == f"/c/{first.reference}?done=write"


def test_other_persons_case_does_not_open(jordan: Jordan, browser: Browser) -> None:
    mine(jordan)
    unconfirmed, others = jordan.submit(), mine(jordan, OTHER)
    enter(browser)
    for case in (unconfirmed, others):
        assert browser.open(f"/c/{case.reference}").title == "تتبّع طلبك"
        assert browser.client.post(f"/c/{case.reference}/withdraw").status_code == 302


def test_every_number_gets_a_code(jordan: Jordan, browser: Browser) -> None:
    mine(jordan)
    known = browser.open("/mine").send(address=PHONE)
    unknown = Browser().open("/mine").send(address=OTHER)
    assert known.text.replace("67", "68") == unknown.text
    assert list_sent_messages(PHONE) == list_sent_messages(OTHER)

    unknown.send(code=get_sent_code(OTHER))
    assert "لا طلب هنا بعد" in unknown.text


def test_leaving_closes_every_case(jordan: Jordan, browser: Browser) -> None:
    case = mine(jordan)
    enter(browser).open(f"/c/{case.reference}")
    browser.open("/mine").send(form="/leave")
    assert browser.page.select_one("input[name=address]")
    assert browser.open(f"/c/{case.reference}").title == "تتبّع طلبك"


def test_closing_a_case_closes_the_list_too(jordan: Jordan, browser: Browser) -> None:
    case = mine(jordan)
    enter(browser).open(f"/c/{case.reference}").send(form="/close")
    assert browser.open(f"/c/{case.reference}").title == "تتبّع طلبك"
    assert browser.open("/mine").page.select_one("input[name=address]")


def test_list_expires_after_half_an_hour(jordan: Jordan, browser: Browser, set_clock: Stands) -> None:
    case = mine(jordan)
    enter(browser)
    set_clock(NOON + 25 * MINUTE)
    assert browser.open(f"/c/{case.reference}").path == f"/c/{case.reference}"
    set_clock(NOON + 50 * MINUTE)
    assert listed(browser.open("/mine")) == [case.reference], "it was in use"
    set_clock(NOON + 81 * MINUTE)
    assert browser.open("/mine").page.select_one("input[name=address]")
    assert browser.open(f"/c/{case.reference}").title == "تتبّع طلبك"


def test_cookie_is_http_only_limited_to_its_pages_and_encrypted(jordan: Jordan, browser: Browser) -> None:
    mine(jordan)
    enter(browser)
    cookies = {name: cookie for name, cookie in browser.client.cookies.items() if name.startswith("m")}
    assert {cookie["path"] for cookie in cookies.values()} == {"/mine", "/c", "/en/mine", "/en/c"}
    for cookie in cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["max-age"] == 30 * 60
        assert PHONE.removeprefix("+") not in cookie.value


def test_changed_cookie_is_ignored(jordan: Jordan, browser: Browser) -> None:
    case = mine(jordan)
    enter(browser)
    for name in ("mine-ar", "my-case-ar"):
        kept = browser.client.cookies[name].value
        browser.client.cookies[name] = kept[:-8] + kept[-8:].swapcase()
    assert browser.open("/mine").page.select_one("input[name=address]")
    assert browser.open(f"/c/{case.reference}").title == "تتبّع طلبك"


def test_code_is_bound_to_its_browser(jordan: Jordan, browser: Browser) -> None:
    mine(jordan)
    browser.open("/mine").send(address=PHONE)
    stranger = Browser()
    stranger.open("/mine").send(address=PHONE)
    first_code = get_sent_code(PHONE)
    browser.open("/mine?sent=1").send(code=first_code)
    assert browser.errors == ["الرمز غير صحيح أو انتهت مدته. راجعه، أو اطلب رمزًا جديدًا"]


def test_long_list_is_paginated(jordan: Jordan, browser: Browser) -> None:
    cases = [mine(jordan, at=NOON - n * MINUTE) for n in range(23)]
    enter(browser)
    assert listed(browser) == [case.reference for case in cases[:20]]
    older = next(link for link in browser.page.select("main .pagination a") if "الأقدم" in link.get_text())
    browser.open(f"/mine{str(older['href']).removeprefix('/mine')}")
    assert listed(browser) == [case.reference for case in cases[20:]]
    assert browser.open("/mine?cursor=nonsense").path == "/mine"


def test_confidential_case_shows_only_its_reference_and_needs_its_code(
    jordan: Jordan, browser: Browser
) -> None:
    case = mine(jordan, kind=Kind.VIOLATION, gate_declined=True)
    enter(browser)
    assert listed(browser) == [case.reference]
    assert "حفرة" not in browser.text
    assert "أمانة عمّان" not in browser.text
    assert browser.open(f"/c/{case.reference}").title == "تتبّع طلبك"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "1", "@", "\ud800", "<script>", "06 500 8080", "0" * 5000])
def test_unusable_contact_is_refused_with_a_reason(typed: str) -> None:
    sent = urlencode({"address": typed}, errors="surrogatepass")
    answer = Client().post("/mine", sent, "application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()


def test_pages_work_in_english(jordan: Jordan, browser: Browser) -> None:
    case = mine(jordan)
    browser.open("/en/mine").send(address=PHONE)
    browser.send(code=get_sent_code(PHONE))
    assert browser.title == "All my cases"
    assert listed(browser) == [case.reference]
    assert browser.open(f"/en/c/{case.reference}").path == f"/en/c/{case.reference}"


def test_many_requests_from_one_network_need_proof_of_work(db: None, settings: Settings) -> None:
    settings.ADDRESS_BURST, settings.ADDRESS_PER_HOUR, settings.PROOF_BITS = 3, 360, 6
    rate_limit.clear_local_counters()
    for n in range(3):
        assert Client().post("/mine", {"address": f"07912345{n}0"}).status_code == 302
    browser = Browser().open("/mine").send(address="0791234599")
    assert browser.answer.status_code == 429
    assert int(browser.answer["Retry-After"]) > 0
    assert list_sent_messages("+962791234599") == []

    form = browser.page.select_one("#proof")
    assert form
    proof = solve_challenge(str(form["data-challenge"]), int(str(form["data-bits"])))
    browser.send(proof=proof)
    assert browser.title == "اكتب الرمز الذي وصلك"
    assert Client().post("/mine", {"address": "0791234598", "proof": proof}).status_code == 429, (
        "for one number"
    )
    rate_limit.clear_local_counters()
