"""Confirmation of contacts, recovery of access codes and notification preferences."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bekhedmetkom.cases.commands import SubmissionResult
from bekhedmetkom.cases.models import Event, Particulars
from bekhedmetkom.cases.queries import find_case_by_code
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.identity.models import ForgottenCode
from bekhedmetkom.interfaces.jobs.access_code_recovery import answer_recovery_requests
from tests.personas import NOON, Jordan

from ..browser import Browser
from ..conftest import OpenCase
from ..sent_codes import get_sent_code, list_sent_messages

PHONE, EMAIL = "+962791234567", "samer@example.jo"
BOTH = Applicant(name="سامر عواد", phone=PHONE, email=EMAIL)
MINUTE = timedelta(minutes=1)
Stands = Callable[[datetime], None]


def who(case: SubmissionResult) -> Particulars:
    return Particulars.objects.get(pk=case.case)


def confirm(browser: Browser, case: SubmissionResult, address: str = PHONE) -> Browser:
    browser.open(f"/c/{case.reference}/contact").send(form="/contact", address=address)
    return browser.send(code=get_sent_code(address))


def events(case: SubmissionResult) -> list[str]:
    return list(Event.objects.filter(case=case.case).order_by("seq").values_list("kind", flat=True))


def test_receipt_leads_to_confirmation(jordan: Jordan, browser: Browser) -> None:
    case = jordan.submit()
    answer = browser.client.post(
        "/track", {"reference": case.reference, "code": case.access_code, "next": "contact"}
    )
    assert answer["Location"] == f"/c/{case.reference}/contact"


def test_phone_is_confirmed_with_its_code(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
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


def test_corrected_number_replaces_the_old_one(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    confirm(browser, case, "+962791111111")
    assert (who(case).phone, who(case).phone_confirmed) == ("+962791111111", True)
    assert "غيّرت رقم هاتفك وأكدته" in browser.text
    assert "791111111" not in str(list(Event.objects.filter(case=case.case).values_list("data")))


def test_email_is_added(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    confirm(browser, case, EMAIL)
    assert (who(case).phone, who(case).phone_confirmed) == (PHONE, False)
    assert (who(case).email, who(case).email_confirmed) == (EMAIL, True)
    page = browser.open(f"/c/{case.reference}").text
    assert "أكد رقمك أو بريدك" not in page, "one confirmed way back is enough to be left in peace"


def test_pages_work_in_english(jordan: Jordan, browser: Browser) -> None:
    case = jordan.submit()
    browser.open("/en/track").send(reference=case.reference, code=case.access_code)
    browser.open(f"/en/c/{case.reference}/contact").send(form="/contact", address=EMAIL)
    browser.send(code=get_sent_code(EMAIL))
    assert "You changed your e-mail address and confirmed it" in browser.text


def test_wrong_code_is_refused_and_the_right_one_still_works(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    browser.open(f"/c/{case.reference}/contact").send("phone")
    code = get_sent_code(PHONE)
    browser.send(code=f"{(int(code) + 1) % 10**6:06d}")
    assert browser.errors == ["الرمز غير صحيح أو انتهت مدته. راجعه، أو اطلب رمزًا جديدًا"]
    assert events(case) == ["case.submitted"]
    browser.send(code=code)
    assert events(case)[-1] == "contact.confirmed"


@pytest.mark.parametrize("typed", ["", "12", "abcdef", "1234567", "\x00" * 9, "9" * 5000])
def test_malformed_code_uses_no_attempt(typed: str, open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    browser.open(f"/c/{case.reference}/contact").send("phone")
    for _ in range(6):
        assert browser.send(code=typed).errors
    browser.send(code=get_sent_code(PHONE))
    assert who(case).phone_confirmed


def test_expired_code_is_refused(open_case: OpenCase, browser: Browser, set_clock: Stands) -> None:
    case = open_case()
    browser.open(f"/c/{case.reference}/contact").send("phone")
    set_clock(NOON + 11 * MINUTE)
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
def test_unusable_contact_is_refused_and_stays_typed(
    typed: str, error: str, open_case: OpenCase, browser: Browser
) -> None:
    case = open_case()
    browser.open(f"/c/{case.reference}/contact").send(form="/contact", address=typed)
    assert browser.errors == [error]
    field = browser.page.select_one("input[name=address]")
    assert field
    assert field.get("value", "") == typed


def test_link_alone_gives_no_code(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    stranger = Browser()
    stranger.open(f"/c/{case.reference}/contact")
    assert stranger.title == "تتبّع طلبك"
    assert stranger.client.post(f"/c/{case.reference}/contact", {"to": "phone"}).status_code == 302
    assert list_sent_messages(PHONE) == []


def test_repeated_code_requests_are_throttled(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    answers = [browser.client.post(f"/c/{case.reference}/contact", {"address": PHONE}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [302] * 6 + [429]
    assert answers[-1]["Retry-After"] == "1"
    assert "انتظر" in answers[-1].content.decode()


# Access code recovery


def forget(browser: Browser, reference: str, address: str = PHONE) -> Browser:
    return browser.open("/track/forgotten").send(reference=reference, address=address)


def test_new_access_code_goes_to_the_confirmed_contact_and_replaces_the_old_one(
    open_case: OpenCase, browser: Browser
) -> None:
    case = open_case()
    confirm(browser, case)
    forget(browser, case.reference, "٠٧٩ ١٢٣ ٤٥٦٧")
    assert browser.title == "إن كان مؤكدًا، فالرمز في طريقه إليك"
    assert answer_recovery_requests(NOON + MINUTE) == 1

    code = get_sent_code(PHONE)
    assert find_case_by_code(case.reference, code) == case.case
    assert find_case_by_code(case.reference, case.access_code) is None
    assert events(case)[-1] == "code.renewed"
    stranger = Browser().open("/track").send(reference=case.reference, code=code)
    assert stranger.path == f"/c/{case.reference}"
    assert "أُرسل رمز متابعة جديد إلى رقم هاتفك" in stranger.text


def test_recovery_response_does_not_reveal_whether_a_contact_is_confirmed(
    open_case: OpenCase, browser: Browser
) -> None:
    unconfirmed, confirmed = open_case(applicant=BOTH), open_case(applicant=BOTH)
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
    assert answer_recovery_requests(NOON + MINUTE) == 1, "one of the five"
    assert find_case_by_code(unconfirmed.reference, unconfirmed.access_code)
    assert list_sent_messages(PHONE) == []


def test_recovery_runs_the_same_statements_for_everybody(open_case: OpenCase, browser: Browser) -> None:
    """Statements are compared instead of times, which vary."""
    case = open_case()
    confirm(browser, case)

    def statements(reference: str, address: str) -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            browser.client.post("/track/forgotten", {"reference": reference, "address": address})
        return [re.sub(r"'[^']*'|[0-9]+", "?", query["sql"]) for query in seen.captured_queries]

    known = statements(case.reference, PHONE)
    assert known == statements("BK-0000-0000", PHONE) == statements(case.reference, EMAIL)
    assert any("forgottencode" in sql for sql in known)


def test_recovery_request_is_stored_without_number_or_reference(
    open_case: OpenCase, browser: Browser
) -> None:
    case = open_case()
    forget(browser, case.reference)
    row = bytes(ForgottenCode.objects.get().sealed)
    assert case.reference.encode() not in row
    assert PHONE.encode() not in row


def test_new_access_code_is_never_stored_in_clear(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    confirm(browser, case)
    forget(browser, case.reference)
    answer_recovery_requests(NOON + MINUTE)
    code = get_sent_code(PHONE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE position(%s in t::text) > 0', [code])
            assert cursor.fetchone() == (0,), table


def test_recovery_requests_are_throttled_per_contact(jordan: Jordan, browser: Browser) -> None:
    statuses = [
        browser.client.post("/track/forgotten", {"reference": "BK-0000-0000", "address": PHONE}).status_code
        for _ in range(7)
    ]
    assert statuses == [302] * 6 + [429]
    assert forget(browser, "BK-0000-0000", EMAIL).path == "/track/forgotten?sent=1"


def test_invalid_recovery_request_shows_field_errors(jordan: Jordan, browser: Browser) -> None:
    assert forget(browser, "BK-1", "").errors == [
        "رقم الطلب ثمانية أحرف وأرقام بعد BK",
        "اكتب رقم هاتف أو بريدًا إلكترونيًا",
    ]
    assert not ForgottenCode.objects.exists()


# Notification preferences


def test_notification_channel_is_chosen_per_case(open_case: OpenCase, browser: Browser) -> None:
    case = open_case(applicant=BOTH)
    browser.open(f"/c/{case.reference}/notify").send(tell_by="sms")
    assert browser.path == f"/c/{case.reference}?done=notify"
    assert (who(case).tell_by, who(case).full_by_sms) == ("sms", False)
    browser.open(f"/c/{case.reference}/notify").send(tell_by="none")
    assert who(case).tell_by == "none"
    browser.open(f"/c/{case.reference}/notify").send(tell_by="any")
    assert who(case).tell_by == ""


def test_full_answer_by_sms_needs_a_confirmed_number(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    browser.open(f"/c/{case.reference}/notify").send(tell_by="sms", full_by_sms="1")
    assert browser.errors == ["الرد كاملًا يصل برسالة إلى رقم أكدته فقط. أكد رقمك أولًا."]
    confirm(browser, case)
    browser.open(f"/c/{case.reference}/notify").send(tell_by="sms", full_by_sms="1")
    assert who(case).full_by_sms


@pytest.mark.parametrize("tell_by", ["", "pigeon", "\x00"])
def test_invalid_notification_choice_is_refused(tell_by: str, open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    browser.open(f"/c/{case.reference}/notify").send(tell_by=tell_by)
    assert browser.errors in (["اختر واحدًا"], ["اختر واحدًا من القائمة"])
    assert events(case) == ["case.submitted"]
