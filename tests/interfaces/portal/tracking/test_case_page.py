"""The page of a case: opening, answering, rating, appealing, withdrawing and erasing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import SubmissionResult
from bekhedmetkom.cases.models import Case, CaseText, Event
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.kernel.references import format_access_code
from tests.personas import DAY, HOUR, NOON, Jordan

from ..browser import Browser
from ..conftest import OpenCase

ANSWER = "كشفنا على الموقع يوم الأحد وأصلحنا الحفرة، ومن حقك الاعتراض من صفحة الطلب."
BRIBE = "الموظف طلب مني رشوة خمسين دينارًا ليصلحها"


def answer_case(jordan: Jordan, case: SubmissionResult, at: datetime = NOON + DAY) -> None:
    """A case that its body has answered."""
    seq = commands.assign_case(case=case.case, seen=1, actor=jordan.main, at=at, unit=jordan.roads)
    commands.answer_case(
        case=case.case,
        seen=seq,
        actor=jordan.roads_officer,
        at=at + HOUR,
        text=ANSWER,
        disposition=Disposition.UPHELD,
    )


def events(case: SubmissionResult) -> list[str]:
    return list(Event.objects.filter(case=case.case).order_by("seq").values_list("kind", flat=True))


def arabic(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))


@pytest.mark.parametrize(
    "spelled", [str, str.lower, arabic, lambda r: r[3:].replace("-", " "), lambda r: f" {r}\u200f"]
)
def test_reference_and_code_open_the_case_in_every_spelling(
    spelled: Callable[[str], str], jordan: Jordan, browser: Browser
) -> None:
    case = jordan.submit()
    code = format_access_code(case.access_code)
    browser.open("/track").send(reference=spelled(case.reference), code=arabic(code))
    assert browser.path == f"/c/{case.reference}"


def test_home_page_presets_the_reference(jordan: Jordan, browser: Browser) -> None:
    case = jordan.submit()
    browser.open(f"/track?reference={case.reference}").send(code=case.access_code)
    assert browser.path == f"/c/{case.reference}"


def test_wrong_code_and_unknown_reference_get_the_same_response(jordan: Jordan, browser: Browser) -> None:
    case = jordan.submit()
    wrong = browser.open("/track").send(reference=case.reference, code="0000000000").errors
    unknown = browser.open("/track").send(reference="BK-0000-0000", code=case.access_code).errors
    assert wrong == unknown == ["لا يفتح هذا الرمز طلبًا بهذا الرقم. راجعهما رقمًا رقمًا"]


@pytest.mark.parametrize(
    ("reference", "code", "errors"),
    [
        ("", "", ["اكتب رقم الطلب", "اكتب رمز المتابعة"]),
        ("BK-12", "12", ["رقم الطلب ثمانية أحرف وأرقام بعد BK", "رمز المتابعة عشرة أرقام"]),
        ("\x00" * 9, "9" * 5000, ["اكتب رقم الطلب", "رمز المتابعة عشرة أرقام"]),
    ],
)
def test_malformed_reference_or_code_is_refused(
    reference: str, code: str, errors: list[str], jordan: Jordan, browser: Browser
) -> None:
    assert browser.open("/track").send(reference=reference, code=code).errors == errors


def test_code_is_asked_again_after_half_an_hour(
    open_case: OpenCase, browser: Browser, set_clock: Callable[[datetime], None]
) -> None:
    case = open_case()
    set_clock(NOON + HOUR / 2.5)
    assert browser.open(f"/c/{case.reference}").answer.request["PATH_INFO"] == f"/c/{case.reference}"
    set_clock(NOON + HOUR / 2.5 + HOUR / 2)
    browser.open(f"/c/{case.reference}")
    assert browser.title == "تتبّع طلبك"
    assert browser.page.select_one(f'input[value="{case.reference}"]')


def test_guessing_is_throttled_without_lockout(jordan: Jordan, browser: Browser) -> None:
    case = jordan.submit()
    wrong = f"{(int(case.access_code) + 1) % 10**10:010d}"
    page = browser.open("/track")
    statuses = [page.send(reference=case.reference, code=wrong).answer.status_code for _ in range(25)]
    assert (statuses[0], statuses[-1]) == (200, 429)
    assert int(page.answer["Retry-After"]) >= 1
    assert "من جديد" in page.errors[0]
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    sent = elsewhere.post("/track", {"reference": case.reference, "code": case.access_code})
    assert sent["Location"] == f"/c/{case.reference}"


def test_closing_an_invalid_reference_is_not_found(browser: Browser) -> None:
    assert browser.client.post("/c/foo/close").status_code == 404


def test_case_can_be_closed_in_the_browser(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    browser.send(form="/close")
    assert browser.open(f"/c/{case.reference}").title == "تتبّع طلبك"


@pytest.mark.parametrize("path", ["/c/{lower}", "/c/{bare}", "/en/c/{lower}"])
def test_other_spelling_of_a_url_redirects(path: str, open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    browser.open(path.format(lower=case.reference.lower(), bare=case.reference[3:].replace("-", "")))
    assert browser.path.endswith(f"/c/{case.reference}")


def test_page_shows_timeline_and_deadline(open_case: OpenCase, browser: Browser) -> None:
    open_case()
    assert browser.title == "في حفرة كبيرة بنص الشارع جنب المدرسة من أسبوعين وبتخرب…"
    assert "وصل طلبك إلى أمانة عمان الكبرى" in browser.text
    assert "يصلك الرد يوم الثلاثاء 1 كانون الأول أو قبله" in browser.text
    assert "079 ••• ••67" in browser.text
    assert "0791234567" not in browser.answer.content.decode()
    assert "no-store" in browser.answer["Cache-Control"]


def test_page_needs_a_fixed_number_of_queries(
    open_case: OpenCase, jordan: Jordan, browser: Browser, django_assert_max_num_queries: Any
) -> None:
    case = open_case()
    answer_case(jordan, case)
    for _ in range(3):
        commands.add_message(
            case=case.case, seen=None, actor=jordan.get_citizen(case), at=NOON + 2 * DAY, text="معلومة"
        )
    with django_assert_max_num_queries(10):
        browser.open(f"/c/{case.reference}")


def test_message_is_added(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    browser.send(form="/write", text="الحفرة أمام البوابة")
    assert "وصل ما كتبته إلى الجهة." in browser.text
    assert "الحفرة أمام البوابة" in browser.text
    assert events(case) == ["case.submitted", "citizen.wrote"]


def test_question_is_shown_first_and_answered(open_case: OpenCase, jordan: Jordan, browser: Browser) -> None:
    case = open_case()
    seq = commands.assign_case(case=case.case, seen=1, actor=jordan.main, at=NOON, unit=jordan.roads)
    commands.ask_citizen(case=case.case, seen=seq, actor=jordan.roads_officer, at=NOON, text="أمام أي بوابة؟")
    browser.open(f"/c/{case.reference}")
    assert browser.page.select(".ask blockquote")[0].get_text(strip=True) == "أمام أي بوابة؟"
    browser.send(form="/write", text="البوابة الشرقية")
    assert not browser.page.select(".ask blockquote")
    assert "البوابة الشرقية" in browser.text


def test_answer_is_compared_with_the_deadline(
    open_case: OpenCase, jordan: Jordan, browser: Browser, set_clock: Callable[[datetime], None]
) -> None:
    case = open_case()
    answer_case(jordan, case)
    set_clock(NOON + 2 * DAY)
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    assert "رد أمانة عمان الكبرى" in browser.text
    assert "كشفنا على الموقع" in browser.text
    assert "وصل قبل الموعد: 6 أيام" in browser.text


def test_late_answer_is_marked_late(
    open_case: OpenCase, jordan: Jordan, browser: Browser, set_clock: Callable[[datetime], None]
) -> None:
    case = open_case()
    set_clock(NOON + 8 * DAY)
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    assert "تأخر الرد، ورُفع إلى مسؤول أعلى" in browser.text
    seq = Case.objects.get(pk=case.case).seq
    seq = commands.assign_case(
        case=case.case, seen=seq, actor=jordan.main, at=NOON + 9 * DAY, unit=jordan.roads
    )
    commands.answer_case(
        case=case.case, seen=seq, actor=jordan.roads_officer, at=NOON + 9 * DAY, text=ANSWER,
        disposition=Disposition.UPHELD,
    )  # fmt: skip
    assert "وصل بعد الموعد: يومان" in browser.open(f"/c/{case.reference}").text


@pytest.mark.parametrize(("solved", "happened"), [("yes", "citizen.confirmed"), ("no", "citizen.denied")])
def test_citizen_rates_the_answer(
    solved: str, happened: str, open_case: OpenCase, jordan: Jordan, browser: Browser,
    set_clock: Callable[[datetime], None],
) -> None:  # fmt: skip
    case = open_case()
    answer_case(jordan, case)
    set_clock(NOON + 2 * DAY)
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    browser.send(form="/rate", solved=solved, stars="4", comment="شكرًا")
    row = Case.objects.get(pk=case.case)
    assert events(case)[-1] == happened
    assert (row.solved, row.stars) == (solved == "yes", 4)
    assert "سجّلنا جوابك. شكرًا لك." in browser.text
    assert ("إن تغيّر ذلك فأجب من جديد" in browser.text) is (solved == "no")


def test_stars_are_optional_and_solved_is_required(
    open_case: OpenCase, jordan: Jordan, browser: Browser, set_clock: Callable[[datetime], None]
) -> None:
    case = open_case()
    answer_case(jordan, case)
    set_clock(NOON + 2 * DAY)
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    assert browser.send(form="/rate", comment="جيد").errors == ["اختر نعم أو لا"]
    assert "جيد" in browser.text
    assert browser.send(form="/rate", solved="yes", stars="9").errors == ["اختر من نجمة إلى خمس نجوم"]
    assert browser.send(form="/rate", solved="yes", stars="").errors == []
    assert Case.objects.get(pk=case.case).solved is True


def test_appeal_goes_to_another_officer(
    open_case: OpenCase, jordan: Jordan, browser: Browser, set_clock: Callable[[datetime], None]
) -> None:
    case = open_case()
    answer_case(jordan, case)
    set_clock(NOON + 2 * DAY)
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    browser.send(form="/rate", solved="no")
    details = browser.page.select_one("#appeal")
    assert details and details.has_attr("open")
    assert browser.send(form="/appeal").errors == ["اكتب ما الذي لم يُحل، ولو بجملة واحدة"]
    browser.send(form="/appeal", reason="عادت الحفرة في اليوم التالي")
    assert "يراجعه موظف لم يتعامل مع طلبك" in browser.text
    assert Case.objects.get(pk=case.case).state == "appealed"
    assert not browser.page.select("#appeal")


def test_appeal_ends_after_its_last_day(
    open_case: OpenCase, jordan: Jordan, browser: Browser, set_clock: Callable[[datetime], None]
) -> None:
    case = open_case()
    answer_case(jordan, case)
    set_clock(NOON + 40 * DAY)
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    assert not browser.page.select("#appeal")
    answer = browser.client.post(f"/c/{case.reference}/appeal", {"reason": "متأخر", "seen": "3"})
    assert answer.status_code == 200
    assert "citizen.appealed" not in events(case)


def test_withdrawal_needs_confirmation(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    browser.open(f"/c/{case.reference}/withdraw")
    assert browser.title == "تسحب طلبك؟"
    assert events(case) == ["case.submitted"]
    browser.send()
    assert "سحبت طلبك." in browser.text
    assert "يصلك الرد" not in browser.text
    assert Case.objects.get(pk=case.case).state == "withdrawn"
    assert browser.open(f"/c/{case.reference}/withdraw").answer.request["PATH_INFO"] == f"/c/{case.reference}"


def test_consent_to_publication_can_be_withdrawn(
    jordan: Jordan, open_case: OpenCase, browser: Browser
) -> None:
    Service.objects.filter(code="GAM-001").update(public=True)
    refresh_versions()
    case = open_case(service=jordan.services["GAM-001"], agreed=True)
    commands.publish_case(case=case.case, seen=1, actor=jordan.main, at=NOON, text="حاوية مكسورة عند المدرسة")
    browser.open(f"/c/{case.reference}")
    assert "حاوية مكسورة عند المدرسة" in browser.text
    browser.open(f"/c/{case.reference}/private")
    assert browser.title == "لا تريد أن يُعرض طلبك للعموم؟"
    browser.send()
    assert "لن يُعرض طلبك للعموم." in browser.text
    assert not Case.objects.get(pk=case.case).agreed
    assert "/private" not in str(browser.page)


def test_erasure_needs_confirmation_and_leaves_a_notice(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    browser.open(f"/c/{case.reference}/erase")
    assert browser.title == "تحذف الطلب وكل ما كُتب فيه؟"
    assert events(case) == ["case.submitted"]
    browser.send(form="/erase")
    assert "حذفنا كل ما كُتب في هذا الطلب." in browser.text
    assert browser.title == "طلب محذوف النص"
    assert not browser.page.select("a[href$='/erase']")
    assert "يصلك الرد" not in browser.text
    assert "لتقرأ الرد" not in browser.text
    for place in ("contact", "notify"):
        assert not browser.page.select(f"a[href$='/{place}']")
        page = browser.client.post(
            f"/c/{case.reference}/{place}", {"address": "0791234567", "tell_by": "none"}
        )
        assert (page.status_code, page["Location"]) == (302, f"/c/{case.reference}")
    assert events(case) == ["case.submitted", "citizen.erased"]
    assert not CaseText.objects.filter(case=case.case).exists()


@pytest.mark.parametrize(
    ("verb", "typed"),
    [("write", {"text": "معلومة"}), ("rate", {"solved": "yes"}), ("appeal", {"reason": "لا"})],
)
def test_second_click_changes_nothing(
    verb: str, typed: dict[str, str], open_case: OpenCase, jordan: Jordan, browser: Browser,
    set_clock: Callable[[datetime], None],
) -> None:  # fmt: skip
    case = open_case()
    answer_case(jordan, case)
    set_clock(NOON + 2 * DAY)
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    first, second = (
        browser.client.post(f"/c/{case.reference}/{verb}", {"seen": "3", **typed}) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (302, 302)
    assert len(events(case)) == 4


def test_conflict_is_shown_and_the_text_stays(open_case: OpenCase, jordan: Jordan, browser: Browser) -> None:
    case = open_case()
    commands.assign_case(case=case.case, seen=1, actor=jordan.main, at=NOON, unit=jordan.roads)
    browser.send(form="/write", text="الحفرة أمام البوابة")
    assert "تغيّر الطلب منذ فتحته" in browser.text
    assert events(case) == ["case.submitted", "case.assigned"]
    browser.send(form="/write")
    assert events(case)[-1] == "citizen.wrote"


@pytest.mark.parametrize(
    ("verb", "typed"), [("write", {"text": BRIBE}), ("rate", {"solved": "no", "comment": BRIBE}),
                        ("appeal", {"reason": BRIBE})]
)  # fmt: skip
def test_every_text_is_gated(
    verb: str, typed: dict[str, str], open_case: OpenCase, jordan: Jordan, browser: Browser,
    set_clock: Callable[[datetime], None],
) -> None:  # fmt: skip
    case = open_case()
    answer_case(jordan, case)
    set_clock(NOON + 2 * DAY)
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    browser.send(form=f"/{verb}", **typed)
    assert browser.title.startswith("قبل أن تكمل")
    assert not CaseText.objects.filter(body=BRIBE).exists()
    browser.send("declined")
    assert browser.path == f"/c/{case.reference}?done={verb}"
    assert CaseText.objects.filter(body=BRIBE).exists()


@pytest.mark.parametrize("text", ["", "\x00", "و" * 5000])
def test_invalid_texts_are_refused(text: str, open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    assert len(browser.send(form="/write", text=text).errors) == 1
    assert events(case) == ["case.submitted"]


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40, "٣"])
def test_malformed_form_never_causes_a_server_error(seen: str, open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    answer = browser.client.post(f"/c/{case.reference}/write", {"seen": seen, "text": "معلومة"})
    assert answer.status_code in (200, 302)


def test_other_browser_sees_nothing_of_the_case(jordan: Jordan, client: Client) -> None:
    case = jordan.submit()
    answer = client.get(f"/c/{case.reference}", follow=True)
    assert "حفرة" not in answer.content.decode()


def test_confidential_case_says_who_reads_it(open_case: OpenCase, browser: Browser) -> None:
    case = open_case(kind=Kind.VIOLATION, text="مطعم يبيع لحمًا فاسدًا")
    head = browser.page.select_one("title")
    assert head
    assert (
        case.reference in head.get_text()
    )  # a browser's history keeps the title, so it has none of the report
    assert "مطعم" not in head.get_text()
    assert "لا يراه إلا المفتشون المكلفون به" in browser.text


def test_page_works_in_english(open_case: OpenCase, jordan: Jordan, browser: Browser) -> None:
    case = open_case()
    answer_case(jordan, case)
    browser.open(f"/en/c/{case.reference}")
    said = browser.page.main
    assert said
    for own in said.select("h1, [dir=auto], bdi"):
        own.decompose()
    assert not any("\u0600" <= letter <= "\u06ff" for letter in said.get_text())
