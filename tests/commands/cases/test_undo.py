"""One's own last act, taken back within ten seconds: the case stands as if it had not been, and both are journalled."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import undo as undoing
from bekhedmetkom.cases.journal import Conflict
from bekhedmetkom.cases.models import Attachment, Case, CaseSearch, Event
from bekhedmetkom.cases.projection import SearchProjection
from bekhedmetkom.cases.queries import find_desk_case, get_case_for_citizen, verify_journal
from bekhedmetkom.cases.rules.case_state import STATE_COLUMNS
from bekhedmetkom.cases.rules.contact import ContactType
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.cases.workspace_models import Draft
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import NotAllowed
from tests.commands.cases.case_stages import ANSWER, create_appealed_case, create_assigned_case
from tests.commands.notifications.event_helpers import build_fed_event
from tests.factories import create_upload
from tests.personas import DAY, HOUR, NOON, Jordan

AT = NOON + 2 * HOUR
SECOND = timedelta(seconds=1)


def row(case: Case) -> dict[str, Any]:
    """All that the journal decides, but its own count and time."""
    case.refresh_from_db()
    return {name: getattr(case, name) for name in STATE_COLUMNS if name not in ("seq", "updated_at")}


def answer(case: Case, actor: Actor, **given: Any) -> int:
    case.refresh_from_db()
    usual: dict[str, Any] = {"text": ANSWER, "disposition": Disposition.UPHELD, "at": AT}
    return commands.answer_case(case=case.pk, seen=case.seq, actor=actor, **usual | given)


def undo(case: Case, actor: Actor, at: Any = AT + 5 * SECOND, seen: int | None = None) -> int:
    case.refresh_from_db()
    return commands.undo_action(case=case.pk, seen=case.seq if seen is None else seen, actor=actor, at=at)


def test_an_answer_taken_back_has_not_been_given(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    before = row(case)
    answer(case, jordan.roads_officer)
    undo(case, jordan.roads_officer)
    assert row(case) == before
    assert list(verify_journal()) == []


def test_its_citizen_reads_nothing_of_it_and_officers_read_both(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    story = get_case_for_citizen(case.pk, AT).timeline
    answer(case, jordan.roads_officer)
    undo(case, jordan.roads_officer)
    theirs = get_case_for_citizen(case.pk, AT)
    assert theirs.timeline == story
    assert (theirs.response, theirs.responded_at) == ("", None)
    inside = find_desk_case(jordan.main, case.reference, AT)
    assert inside
    assert [(entry.happened, entry.undone) for entry in inside.journal[:2]] == [
        (EventType.UNDONE, False), (EventType.ANSWERED, True),
    ]  # fmt: skip
    assert inside.reply == ""


def test_an_answer_to_a_reopened_case_does_not_stay_on_its_page(jordan: Jordan) -> None:
    """The earlier answer is still the one that was given."""
    case = create_appealed_case(jordan)
    reviewer = jordan.reviewer if case.reviewer_id == jordan.reviewer.officer_id else jordan.second_reviewer
    at = NOON + 3 * DAY
    commands.decide_appeal(
        case=case.pk, seen=case.seq, actor=reviewer, at=at, outcome=Disposition.UPHELD, text="زرنا المكان"
    )
    answer(case, jordan.main, text="ردمنا الحفرة الثانية أيضًا يوم الخميس.", at=at + HOUR)
    undo(case, jordan.main, at + HOUR + SECOND)
    assert get_case_for_citizen(case.pk, at + HOUR).response == ANSWER


def test_the_words_are_a_draft_again(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    answer(case, jordan.roads_officer)
    assert not Draft.objects.exists()
    undo(case, jordan.roads_officer)
    draft = Draft.objects.get(case=case, officer=jordan.roads_officer.officer_id)
    assert (draft.text, draft.disposition) == (ANSWER, "upheld")


def test_a_question_taken_back_stops_no_clock(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    before = row(case)
    commands.ask_citizen(case=case.pk, seen=2, actor=jordan.roads_officer, at=AT, text="أمام أي بوابة؟")
    undo(case, jordan.roads_officer)
    assert row(case) == before
    assert get_case_for_citizen(case.pk, AT).question == ""


def test_files_that_came_with_it_are_no_longer_the_citizens_to_see(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    answer(case, jordan.roads_officer, uploads=(create_upload(),))
    undo(case, jordan.roads_officer)
    assert [file.shown for file in Attachment.objects.filter(case=case)] == [False]
    assert get_case_for_citizen(case.pk, AT).files == []
    page = find_desk_case(jordan.main, case.reference, AT)
    assert page
    assert page.files == []
    assert list(verify_journal()) == []


def test_an_approval_taken_back_waits_again_with_the_same_words(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    commands.submit_reply(
        case=case.pk, seen=2, actor=jordan.roads_officer, at=NOON + HOUR, text=ANSWER, disposition=Disposition.UPHELD,
        uploads=(create_upload(),),
    )  # fmt: skip
    before = row(case)
    for _again in range(2):
        commands.approve_reply(case=case.pk, seen=case.seq, actor=jordan.approver, at=AT)
        undo(case, jordan.approver)
        assert row(case) == before
    commands.approve_reply(case=case.pk, seen=case.seq, actor=jordan.approver, at=AT + HOUR)
    theirs = get_case_for_citizen(case.pk, AT + HOUR)
    assert (theirs.response, len(theirs.files)) == (ANSWER, 1)
    assert list(verify_journal()) == []


PARTS: dict[str, Any] = {"on": date(2026, 11, 29), "objection": "إن لم تقتنع فلك أن تعترض خلال 30 يومًا."}


@pytest.mark.parametrize("verb", [commands.answer_case, commands.submit_reply])
def test_a_reply_in_parts_is_a_draft_in_parts_again(jordan: Jordan, verb: Callable[..., int]) -> None:
    """As one text its parts would be in it, and beside it once more."""
    case = create_assigned_case(jordan)
    given = {"text": ANSWER, "disposition": Disposition.UPHELD, "unit": jordan.roads} | PARTS
    verb(case=case.pk, seen=2, actor=jordan.roads_officer, at=AT, **given)
    undo(case, jordan.roads_officer)
    draft = Draft.objects.get(case=case, officer=jordan.roads_officer.officer_id)
    assert draft.text == ANSWER
    assert draft.parts == {
        "template": "", "unit": str(jordan.roads), "on": "2026-11-29", "objection": PARTS["objection"]
    }  # fmt: skip


def test_an_approval_of_a_reply_in_parts_can_be_given_again(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    commands.submit_reply(
        case=case.pk, seen=2, actor=jordan.roads_officer, at=NOON + HOUR, text=ANSWER, disposition=Disposition.UPHELD,
        **PARTS,
    )  # fmt: skip
    commands.approve_reply(case=case.pk, seen=3, actor=jordan.approver, at=AT)
    undo(case, jordan.approver)
    commands.approve_reply(case=case.pk, seen=5, actor=jordan.approver, at=AT + HOUR)
    assert get_case_for_citizen(case.pk, AT + HOUR).response.startswith(ANSWER)


def test_a_referral_taken_back_by_whoever_no_longer_sees_the_case(jordan: Jordan) -> None:
    case = jordan.create_case()
    before = row(case)
    commands.refer_case(
        case=case.pk, seen=1, actor=jordan.main, at=AT, entity=jordan.entities["MOH"], reason="للصحة"
    )
    assert find_desk_case(jordan.main, case.reference, AT) is None
    undo(case, jordan.main)
    assert row(case) == before


@pytest.mark.parametrize("late", [10, 11])
def test_ten_seconds_and_no_more(jordan: Jordan, late: int) -> None:
    case = create_assigned_case(jordan)
    answer(case, jordan.roads_officer)
    if late == 10:
        with pytest.raises(NotPossibleNow):  # asked in time, but the lock was waited for
            undo(case, jordan.roads_officer, AT + late * SECOND)
        assert undo(case, jordan.roads_officer, AT + (late - 0.5) * SECOND) == 4
    else:
        with pytest.raises(NotPossibleNow):
            undo(case, jordan.roads_officer, AT + late * SECOND)


def test_once(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    answer(case, jordan.roads_officer)
    undo(case, jordan.roads_officer)
    with pytest.raises(NotPossibleNow):
        undo(case, jordan.roads_officer)
    with pytest.raises(Conflict):  # the same form again
        undo(case, jordan.roads_officer, seen=3)


def test_only_by_whoever_did_it(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    answer(case, jordan.roads_officer)
    for other in (jordan.main, jordan.head, jordan.rival, jordan.get_citizen(case)):
        with pytest.raises(NotAllowed):
            undo(case, other)


def test_not_what_somebody_has_gone_on_from(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    answer(case, jordan.roads_officer)
    commands.rate_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=AT + SECOND, solved=False)
    with pytest.raises(Conflict):
        undo(case, jordan.roads_officer, seen=3)


def test_not_what_happened_beside_it(jordan: Jordan) -> None:
    """No conflict for who works on, but nothing to go back behind."""
    case = create_assigned_case(jordan)
    answer(case, jordan.roads_officer)
    commands.record_failed_contact(case=case.pk, contact=ContactType.PHONE, at=AT + SECOND)
    with pytest.raises(NotPossibleNow):
        undo(case, jordan.roads_officer, seen=3)


def test_not_what_somebody_was_told_of(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    answer(case, jordan.roads_officer)
    assert commands.mark_event_sent(case=case.pk, seq=3)
    with pytest.raises(NotPossibleNow):
        undo(case, jordan.roads_officer)


def test_nobody_is_told_of_what_was_taken_back(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    answer(case, jordan.roads_officer)
    undo(case, jordan.roads_officer)
    assert not commands.mark_event_sent(case=case.pk, seq=3)
    assert commands.mark_event_sent(case=case.pk, seq=2)
    answer(case, jordan.roads_officer, at=AT + 6 * SECOND)
    assert commands.mark_event_sent(case=case.pk, seq=5)


def test_what_time_would_have_done_meanwhile_is_not_undone_with_it(jordan: Jordan) -> None:
    """Answered a moment before its date, taken back a moment after it: the answer stays, and stays in time."""
    case = create_assigned_case(jordan)
    answer(case, jordan.roads_officer, at=case.due_at - 2 * SECOND)
    with pytest.raises(NotPossibleNow):
        undo(case, jordan.roads_officer, case.due_at + 2 * SECOND)
    case.refresh_from_db()
    assert (case.state, case.answered_late) == ("answered", False)


def test_care_is_never_taken_away(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.reclassify_case(
        case=case.pk, seen=1, actor=jordan.main, at=AT, kind=Kind.VIOLATION, reason="مخالفة"
    )
    with pytest.raises(NotPossibleNow):
        undo(case, jordan.main)


@pytest.mark.parametrize("verb", ["split", "recuse"])
def test_what_is_not_to_be_taken_back(jordan: Jordan, verb: str) -> None:
    case = create_assigned_case(jordan)
    doing: dict[str, Callable[..., int]] = {"split": commands.split_case, "recuse": commands.recuse_officer}
    words = {"text": "وجزء آخر"} if verb == "split" else {"reason": "أعرف صاحبه"}
    doing[verb](case=case.pk, seen=2, actor=jordan.main, at=AT, **words)
    with pytest.raises(NotPossibleNow):
        undo(case, jordan.main)


def test_search_does_not_find_words_that_were_taken_back(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    answer(case, jordan.roads_officer, text="ركّبنا زعنفة جديدة، ونفّذ العمل قسم صيانة الشوارع يوم الأربعاء.")
    undo(case, jordan.roads_officer)
    SearchProjection().handle_events([build_fed_event(event) for event in Event.objects.filter(case=case)])
    assert "زعنف" not in str(CaseSearch.objects.get(case=case).words)


def test_a_way_back_that_leads_elsewhere_is_found(jordan: Jordan, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal says where it led back to, and verification goes and sees."""
    case = create_assigned_case(jordan)
    answer(case, jordan.roads_officer)
    monkeypatch.setattr(undoing, "compute_reversal", lambda before, now: {"answered_at": None})
    undo(case, jordan.roads_officer)
    [fault] = verify_journal()
    assert (fault.reference, fault.seq) == (case.reference, 4)
