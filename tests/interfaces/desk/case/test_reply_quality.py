"""Findings about a reply, shown while it is written and to who approves it; what says too little needs a reason."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.workspace_models import Draft
from bekhedmetkom.kernel.actor import Actor
from tests.commands.cases.case_stages import ANSWER, create_assigned_case
from tests.interfaces.desk.conftest import Desk, get_state
from tests.personas import HOUR, NOON, Jordan, require_approval

Sits = Callable[[Actor], Desk]
EMPTY_REPLY = "تم اتخاذ الإجراءات اللازمة."
QUALITY_REASON = "التحقيق مستمر"


def check_quality(desk: Desk, case: Case, **fields: Any) -> Any:
    """As the page's script asks while the reply is typed."""
    return desk.client.post(reverse("desk:check", args=[case.reference]), fields)


def is_reason_hidden(page: str) -> bool:
    """Whether the field for the reason stays out of sight."""
    return "<div data-quality-reason hidden>" in page


def submit_reply(jordan: Jordan, sits: Sits, text: str) -> Case:
    require_approval(jordan.entities["GAM"])
    case = create_assigned_case(jordan)
    assert (
        sits(jordan.roads_officer).submit(case, "submit", text=text, disposition="upheld").status_code == 302
    )
    return case


# While it is written


def test_a_piece_of_page_says_which_sentence_says_nothing(jordan: Jordan, sits: Sits) -> None:
    answer = check_quality(
        sits(jordan.roads_officer),
        create_assigned_case(jordan),
        text=f"{ANSWER} {EMPTY_REPLY}",
        disposition="upheld",
    )
    piece = answer.content.decode()
    assert f'<q dir="auto">{EMPTY_REPLY}</q>' in piece
    assert "data-blocks" in piece
    assert "<html" not in piece
    assert answer.headers["Cache-Control"].startswith("max-age=0")


def test_it_says_what_is_missing_and_what_is_good(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    piece = check_quality(desk, case, text="أُصلحت الحفرة.", disposition="upheld").content.decode()
    assert "لا يذكر الرد متى" in piece
    assert "data-blocks" not in piece
    whole = f"{ANSWER} إن لم يُحل الأمر فلك أن تعترض."
    assert "رد واضح" in check_quality(desk, case, text=whole, disposition="upheld").content.decode()


def test_in_english_it_speaks_english(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    piece = desk.client.post(f"/en/desk/cases/{case.reference}/check", {"text": EMPTY_REPLY}).content.decode()
    assert "The reply says too little" in piece
    assert "Which measure?" in piece


def test_nothing_typed_has_nothing_to_say(jordan: Jordan, sits: Sits) -> None:
    answer = check_quality(
        sits(jordan.roads_officer), create_assigned_case(jordan), text=" \n", disposition="nonsense"
    )
    assert answer.content.decode().strip() == ""


def test_what_is_typed_is_text_and_not_markup(jordan: Jordan, sits: Sits) -> None:
    text = f"<b>تمت المتابعة</b> {EMPTY_REPLY}"
    piece = check_quality(
        sits(jordan.roads_officer), create_assigned_case(jordan), text=text
    ).content.decode()
    assert "<b>" not in piece


def test_without_a_script_the_button_shows_the_same_and_keeps_the_words(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    page = desk.submit(
        case, "answer", text=EMPTY_REPLY, disposition="upheld", quality_reason=QUALITY_REASON, check="1"
    )
    text = page.content.decode()
    assert page.status_code == 200
    assert f'<q dir="auto">{EMPTY_REPLY}</q>' in text
    assert f"{EMPTY_REPLY}</textarea>" in text
    assert f"{QUALITY_REASON}</textarea>" in text
    assert "error-summary" not in text
    assert get_state(case) == "assigned"


def test_the_form_opens_without_a_word_about_quality(jordan: Jordan, sits: Sits) -> None:
    page = sits(jordan.roads_officer).open_case(create_assigned_case(jordan)).content.decode()
    assert 'aria-live="polite" data-quality="/desk/cases/' in page
    assert 'class="quality' not in page
    assert is_reason_hidden(page)


# When it is sent


def test_an_answer_that_says_nothing_comes_back_with_a_field_for_the_reason(
    jordan: Jordan, sits: Sits
) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    page = desk.submit(case, "answer", text=EMPTY_REPLY, disposition="upheld")
    text = page.content.decode()
    assert page.status_code == 422
    assert 'href="#id_quality_reason"' in text
    assert "أو اكتب هنا لماذا يُرسل كما هو" in text
    assert f"{EMPTY_REPLY}</textarea>" in text
    assert not is_reason_hidden(text)
    assert get_state(case) == "assigned"
    assert (
        desk.submit(
            case, "answer", text=EMPTY_REPLY, disposition="upheld", quality_reason=QUALITY_REASON
        ).status_code
        == 302
    )
    assert Event.objects.get(case=case, kind="case.answered").data["overridden"] == 1
    assert f"لماذا يُرسل كما هو: {QUALITY_REASON}" in desk.open_case(case).content.decode()


def test_a_draft_is_saved_whatever_it_says(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    assert desk.submit(case, "draft", text=EMPTY_REPLY, quality_reason=QUALITY_REASON).status_code == 302
    assert Draft.objects.get().quality_reason == QUALITY_REASON
    page = desk.open_case(case).content.decode()
    assert f"{QUALITY_REASON}</textarea>" in page
    assert f'<q dir="auto">{EMPTY_REPLY}</q>' in page
    assert not is_reason_hidden(page)


# When it is approved


def test_an_approver_reads_what_is_missing_before_the_button(jordan: Jordan, sits: Sits) -> None:
    case, approver = submit_reply(jordan, sits, EMPTY_REPLY), sits(jordan.approver)
    page = approver.open_case(case).content.decode()
    assert f'<q dir="auto">{EMPTY_REPLY}</q>' in page
    assert not is_reason_hidden(page)
    refused = approver.submit(case, "approve")
    assert refused.status_code == 422
    assert 'href="#id_quality_reason"' in refused.content.decode()
    assert get_state(case) == "awaiting_approval"
    assert approver.submit(case, "approve", quality_reason=QUALITY_REASON).status_code == 302
    assert get_state(case) == "answered"


def test_a_good_reply_is_approved_with_one_press(jordan: Jordan, sits: Sits) -> None:
    case, approver = submit_reply(jordan, sits, ANSWER), sits(jordan.approver)
    assert is_reason_hidden(approver.open_case(case).content.decode())
    assert approver.submit(case, "approve").status_code == 302


def test_abuse_is_confirmed_without_a_word_about_quality(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    sits(jordan.roads_officer).submit(case, "submit", text="شتائم لا طلب فيها.", disposition="spam_or_abuse")
    assert 'class="quality' not in sits(jordan.main).open_case(case).content.decode()


def test_the_writer_sees_no_button_and_no_reason(jordan: Jordan, sits: Sits) -> None:
    case = submit_reply(jordan, sits, EMPTY_REPLY)
    assert "quality_reason" not in sits(jordan.roads_officer).open_case(case).content.decode()


def test_what_changed_meanwhile_comes_before_quality_and_keeps_the_reason(jordan: Jordan, sits: Sits) -> None:
    case = submit_reply(jordan, sits, EMPTY_REPLY)
    commands.add_note(case=case.pk, seen=3, text="راجعوا التاريخ", actor=jordan.manager, at=NOON + 2 * HOUR)
    page = sits(jordan.approver).submit(case, "approve", seen=3, quality_reason=QUALITY_REASON)
    assert page.status_code == 409
    assert f"{QUALITY_REASON}</textarea>" in page.content.decode()
