"""A telephone or an address counts once its owner has shown that they read it; then it brings back a forgotten code."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bekhedmetkom.cases.commands import Submitted
from bekhedmetkom.cases.models import Event, Particulars
from bekhedmetkom.cases.queries import case_of
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.identity.models import ForgottenCode
from bekhedmetkom.interfaces.jobs.forgotten import answer_forgotten
from tests.personas import NOON, Jordan

from ..browser import Browser
from ..conftest import OpenCase
from ..sent_codes import get_sent_code, list_sent_messages

PHONE, EMAIL = "+962791234567", "samer@example.jo"
BOTH = Applicant(name="سامر عواد", phone=PHONE, email=EMAIL)
MINUTE = timedelta(minutes=1)
Stands = Callable[[datetime], None]


def who(case: Submitted) -> Particulars:
    return Particulars.objects.get(pk=case.case)


def confirm(browser: Browser, case: Submitted, address: str = PHONE) -> Browser:
    browser.open(f"/c/{case.reference}/contact").send(form="/contact", address=address)
    return browser.send(code=get_sent_code(address))


def events(case: Submitted) -> list[str]:
    return list(Event.objects.filter(case=case.case).order_by("seq").values_list("kind", flat=True))


def test_the_page_that_says_it_arrived_leads_to_confirming(jordan: Jordan, browser: Browser) -> None:
    case = jordan.submit()
    answer = browser.client.post(
        "/track", {"reference": case.reference, "code": case.access_code, "next": "contact"}
    )
    assert answer["Location"] == f"/c/{case.reference}/contact"


def test_the_number_that_was_given_is_confirmed_with_the_code_sent_to_it(
    opened: OpenCase, browser: Browser
) -> None:
    case = opened()
    assert "أكد رقمك أو بريدك" in browser.text
    browser.open(f"/c/{case.reference}/contact").send("phone")
    assert browser.title == "اكتب الرمز الذي وصلك"
    assert "079 ••• ••67" in browser.text

    browser.send(code=get_sent_code(PHONE))
    assert browser.path == f"/c/{case.reference}?done=contact"
    assert "تأكدنا أنه لك" in browser.text
    assert "أكدت رقم هاتفك" in browser.text, "the case's story says it"
    assert who(case).phone_confirmed
    assert "أكد رقمك أو بريدك" not in browser.open(f"/c/{case.reference}").text


def test_a_mistyped_number_is_put_right_and_keeps_nothing_of_the_old_one(
    opened: OpenCase, browser: Browser
) -> None:
    case = opened()
    confirm(browser, case, "+962791111111")
    assert (who(case).phone, who(case).phone_confirmed) == ("+962791111111", True)
    assert "غيّرت رقم هاتفك وأكدته" in browser.text
    assert "791111111" not in str(list(Event.objects.filter(case=case.case).values_list("data")))


def test_an_email_is_added_beside_the_number(opened: OpenCase, browser: Browser) -> None:
    case = opened()
    confirm(browser, case, EMAIL)
    assert (who(case).phone, who(case).phone_confirmed) == (PHONE, False)
    assert (who(case).email, who(case).email_confirmed) == (EMAIL, True)
    page = browser.open(f"/c/{case.reference}").text
    assert "أكد رقمك أو بريدك" not in page, "one confirmed way back is enough to be left in peace"


def test_in_english_too(jordan: Jordan, browser: Browser) -> None:
    case = jordan.submit()
    browser.open("/en/track").send(reference=case.reference, code=case.access_code)
    browser.open(f"/en/c/{case.reference}/contact").send(form="/contact", address=EMAIL)
    browser.send(code=get_sent_code(EMAIL))
    assert "You changed your e-mail address and confirmed it" in browser.text


def test_a_wrong_code_confirms_nothing_and_the_right_one_still_does(
    opened: OpenCase, browser: Browser
) -> None:
    case = opened()
    browser.open(f"/c/{case.reference}/contact").send("phone")
    code = get_sent_code(PHONE)
    browser.send(code=f"{(int(code) + 1) % 10**6:06d}")
    assert browser.errors == ["الرمز غير صحيح أو انتهت مدته. راجعه، أو اطلب رمزًا جديدًا"]
    assert events(case) == ["case.submitted"]
    browser.send(code=code)
    assert events(case)[-1] == "contact.confirmed"


@pytest.mark.parametrize("typed", ["", "12", "abcdef", "1234567", "\x00" * 9, "9" * 5000])
def test_what_cannot_be_a_code_uses_up_no_try(typed: str, opened: OpenCase, browser: Browser) -> None:
    case = opened()
    browser.open(f"/c/{case.reference}/contact").send("phone")
    for _ in range(6):
        assert browser.send(code=typed).errors
    browser.send(code=get_sent_code(PHONE))
    assert who(case).phone_confirmed


def test_a_code_that_is_too_old_does_not_count(opened: OpenCase, browser: Browser, stands: Stands) -> None:
    case = opened()
    browser.open(f"/c/{case.reference}/contact").send("phone")
    stands(NOON + 11 * MINUTE)
    browser.send(code=get_sent_code(PHONE))
    assert not who(case).phone_confirmed


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "اكتب رقم هاتف أو بريدًا إلكترونيًا"),
        ("123", "لم نفهم ما كتبته. اكتب رقمًا مثل 0791234567، أو بريدًا مثل name@example.com"),
        ("a@b", "لم نفهم ما كتبته. اكتب رقمًا مثل 0791234567، أو بريدًا مثل name@example.com"),
        ("06 500 8080", "هذا هاتف أرضي، ولا تصله الرسائل. اكتب رقم هاتف محمول أو بريدًا"),
    ],
)
def test_what_nobody_can_be_reached_at_is_said_and_stays_typed(
    typed: str, error: str, opened: OpenCase, browser: Browser
) -> None:
    case = opened()
    browser.open(f"/c/{case.reference}/contact").send(form="/contact", address=typed)
    assert browser.errors == [error]
    field = browser.page.select_one("input[name=address]")
    assert field
    assert field.get("value", "") == typed


def test_a_stranger_with_the_link_alone_gets_no_code(opened: OpenCase, browser: Browser) -> None:
    case = opened()
    stranger = Browser()
    stranger.open(f"/c/{case.reference}/contact")
    assert stranger.title == "تتبّع طلبك"
    assert stranger.client.post(f"/c/{case.reference}/contact", {"to": "phone"}).status_code == 302
    assert list_sent_messages(PHONE) == []


def test_asking_for_codes_again_and_again_gets_slow(opened: OpenCase, browser: Browser) -> None:
    case = opened()
    answers = [browser.client.post(f"/c/{case.reference}/contact", {"address": PHONE}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [302] * 6 + [429]
    assert answers[-1]["Retry-After"] == "1"
    assert "انتظر" in answers[-1].content.decode()


# I forgot my code


def forget(browser: Browser, reference: str, address: str = PHONE) -> Browser:
    return browser.open("/track/forgotten").send(reference=reference, address=address)


def test_a_new_code_comes_to_the_confirmed_contact_and_the_old_one_stops(
    opened: OpenCase, browser: Browser
) -> None:
    case = opened()
    confirm(browser, case)
    forget(browser, case.reference, "٠٧٩ ١٢٣ ٤٥٦٧")
    assert browser.title == "إن كان مؤكدًا، فالرمز في طريقه إليك"
    assert answer_forgotten(NOON + MINUTE) == 1

    code = get_sent_code(PHONE)
    assert case_of(case.reference, code) == case.case
    assert case_of(case.reference, case.access_code) is None
    assert events(case)[-1] == "code.renewed"
    stranger = Browser().open("/track").send(reference=case.reference, code=code)
    assert stranger.path == f"/c/{case.reference}"
    assert "أُرسل رمز متابعة جديد إلى رقم هاتفك" in stranger.text


def test_an_unknown_case_an_unconfirmed_number_and_a_confirmed_one_are_answered_alike(
    opened: OpenCase, browser: Browser
) -> None:
    unconfirmed, confirmed = opened(applicant=BOTH), opened(applicant=BOTH)
    confirm(browser, confirmed, EMAIL)
    browser.client.cookies.clear()
    pages = [
        Browser().open("/track/forgotten").send(reference=reference, address=address)
        for reference, address in (
            (confirmed.reference, EMAIL),
            (unconfirmed.reference, EMAIL),
            (confirmed.reference, PHONE),
            ("BK-0000-0000", EMAIL),
            (confirmed.reference, "nobody@example.jo"),
        )
    ]
    assert {page.text for page in pages} == {pages[0].text}
    assert {page.path for page in pages} == {"/track/forgotten?sent=1"}
    assert answer_forgotten(NOON + MINUTE) == 1, "one of the five"
    assert case_of(unconfirmed.reference, unconfirmed.access_code)
    assert list_sent_messages(PHONE) == []


def test_answering_takes_the_same_work_for_everybody(opened: OpenCase, browser: Browser) -> None:
    """Not measured with a clock, which would say another thing each time: the statements are the same."""
    case = opened()
    confirm(browser, case)

    def statements(reference: str, address: str) -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            browser.client.post("/track/forgotten", {"reference": reference, "address": address})
        return [re.sub(r"'[^']*'|[0-9]+", "?", query["sql"]) for query in seen.captured_queries]

    known = statements(case.reference, PHONE)
    assert known == statements("BK-0000-0000", PHONE) == statements(case.reference, EMAIL)
    assert any("forgottencode" in sql for sql in known)


def test_what_is_asked_lies_in_the_database_without_number_or_reference(
    opened: OpenCase, browser: Browser
) -> None:
    case = opened()
    forget(browser, case.reference)
    row = bytes(ForgottenCode.objects.get().sealed)
    assert case.reference.encode() not in row
    assert PHONE.encode() not in row


def test_the_new_code_lies_nowhere_in_clear(opened: OpenCase, browser: Browser) -> None:
    case = opened()
    confirm(browser, case)
    forget(browser, case.reference)
    answer_forgotten(NOON + MINUTE)
    code = get_sent_code(PHONE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE position(%s in t::text) > 0', [code])
            assert cursor.fetchone() == (0,), table


def test_a_flood_of_requests_for_one_number_gets_slow_and_nobody_else_waits(
    jordan: Jordan, browser: Browser
) -> None:
    statuses = [
        browser.client.post("/track/forgotten", {"reference": "BK-0000-0000", "address": PHONE}).status_code
        for _ in range(7)
    ]
    assert statuses == [302] * 6 + [429]
    assert forget(browser, "BK-0000-0000", EMAIL).path == "/track/forgotten?sent=1"


def test_what_cannot_be_asked_is_said_by_field(jordan: Jordan, browser: Browser) -> None:
    assert forget(browser, "BK-1", "").errors == [
        "رقم الطلب ثمانية أحرف وأرقام بعد BK",
        "اكتب رقم هاتف أو بريدًا إلكترونيًا",
    ]
    assert not ForgottenCode.objects.exists()


# How to be told


def test_how_to_be_told_is_chosen_for_each_case(opened: OpenCase, browser: Browser) -> None:
    case = opened(applicant=BOTH)
    browser.open(f"/c/{case.reference}/notify").send(tell_by="sms")
    assert browser.path == f"/c/{case.reference}?done=notify"
    assert (who(case).tell_by, who(case).full_by_sms) == ("sms", False)
    browser.open(f"/c/{case.reference}/notify").send(tell_by="none")
    assert who(case).tell_by == "none"
    browser.open(f"/c/{case.reference}/notify").send(tell_by="any")
    assert who(case).tell_by == ""


def test_the_whole_answer_by_sms_needs_a_confirmed_number(opened: OpenCase, browser: Browser) -> None:
    case = opened()
    browser.open(f"/c/{case.reference}/notify").send(tell_by="sms", full_by_sms="1")
    assert browser.errors == ["الرد كاملًا يصل برسالة إلى رقم أكدته فقط. أكد رقمك أولًا."]
    confirm(browser, case)
    browser.open(f"/c/{case.reference}/notify").send(tell_by="sms", full_by_sms="1")
    assert who(case).full_by_sms


@pytest.mark.parametrize("tell_by", ["", "pigeon", "\x00"])
def test_what_cannot_be_chosen_is_said(tell_by: str, opened: OpenCase, browser: Browser) -> None:
    case = opened()
    browser.open(f"/c/{case.reference}/notify").send(tell_by=tell_by)
    assert browser.errors in (["اختر واحدًا"], ["اختر واحدًا من القائمة"])
    assert events(case) == ["case.submitted"]
