"""A person asks, the right officer answers in time, the person says whether it was solved."""

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.journal import Conflict
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import find_case_for_citizen, find_desk_case, verify_journal
from bekhedmetkom.cases.queries.routing.appeal_reviewers import list_officers_who_acted
from bekhedmetkom.cases.rules.states import EventType, State
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.kernel.errors import NotAllowed
from tests.commands.cases.case_stages import (
    ANSWER,
    create_answered_case,
    create_appealed_case,
    create_assigned_case,
    get_state,
)
from tests.personas import DAY, HOUR, NOON, Jordan


def test_the_loop_from_a_complaint_to_a_reviewers_decision(jordan: Jordan) -> None:
    sent = jordan.submit()
    case = Case.objects.get(pk=sent.case)
    assert sent.due_at - NOON > 5 * DAY
    assert find_desk_case(jordan.main, sent.reference, NOON) is not None

    seq = commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    assert find_desk_case(jordan.lighting_officer, sent.reference, NOON) is None
    seq = commands.answer_case(
        case=case.pk,
        seen=seq,
        text=ANSWER,
        disposition=Disposition.UPHELD,
        actor=jordan.roads_officer,
        at=NOON + DAY,
    )
    seen = find_case_for_citizen(sent.reference, sent.access_code, NOON + DAY)
    assert seen and seen.response == ANSWER
    assert {"rate", "appeal"} <= set(seen.can)

    citizen = jordan.get_citizen(case)
    commands.rate_case(case=case.pk, seen=seq, solved=False, stars=1, actor=citizen, at=NOON + 2 * DAY)
    assert get_state(case) is State.ANSWERED
    commands.appeal_case(case=case.pk, seen=None, reason="ما زالت الحفرة", actor=citizen, at=NOON + 2 * DAY)
    assert get_state(case) is State.APPEALED
    assert case.reviewer_id == jordan.reviewer.officer_id

    decision = "زرنا المكان ووجدنا الحفرة. يعاد العمل."
    commands.decide_appeal(
        case=case.pk,
        seen=case.seq,
        outcome=Disposition.UPHELD,
        text=decision,
        actor=jordan.reviewer,
        at=NOON + 3 * DAY,
    )
    assert get_state(case) is State.CLASSIFIED
    assert case.due_at > NOON + 3 * DAY
    assert list(verify_journal()) == []


def test_who_comes_second_learns_what_changed(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON)
    with pytest.raises(Conflict) as late:
        commands.assign_case(case=case.pk, seen=1, unit=jordan.lighting, actor=jordan.main, at=NOON)
    assert (late.value.seq, late.value.changed) == (2, [EventType.ASSIGNED])
    case.refresh_from_db()
    assert case.unit_id == jordan.roads


def test_a_reminder_meanwhile_is_no_conflict(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.sweep_deadlines(NOON + 4 * DAY)
    case.refresh_from_db()
    assert case.seq > 1
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + 4 * DAY)


def test_resolved_is_the_citizens_word(jordan: Jordan) -> None:
    case = create_answered_case(jordan)
    commands.rate_case(
        case=case.pk, seen=None, solved=True, stars=5, actor=jordan.get_citizen(case), at=NOON + 2 * DAY
    )
    assert get_state(case) is State.RESOLVED
    assert case.solved
    assert case.stars == 5


def test_silence_closes_and_never_counts_as_resolved(jordan: Jordan) -> None:
    case = create_answered_case(jordan)
    commands.sweep_deadlines(NOON + 40 * DAY)
    assert get_state(case) is State.CLOSED
    assert case.solved is None
    kinds = list(Event.objects.filter(case=case).order_by("seq").values_list("kind", flat=True))
    assert kinds[-2:] == [EventType.ASKED_AGAIN, EventType.LAPSED]


def test_a_late_yes_still_counts_within_the_window(jordan: Jordan) -> None:
    case = create_answered_case(jordan)
    commands.sweep_deadlines(NOON + 20 * DAY)
    commands.rate_case(
        case=case.pk, seen=None, solved=True, actor=jordan.get_citizen(case), at=NOON + 25 * DAY
    )
    assert get_state(case) is State.RESOLVED


def test_after_thirty_days_there_is_no_appeal(jordan: Jordan) -> None:
    case = create_answered_case(jordan)
    with pytest.raises(NotPossibleNow):
        commands.appeal_case(
            case=case.pk, seen=None, reason="لم يُحل", actor=jordan.get_citizen(case), at=NOON + 32 * DAY
        )


def test_the_reviewer_never_handled_the_case(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, officer=jordan.reviewer.officer_id, actor=jordan.main, at=NOON)
    commands.answer_case(
        case=case.pk,
        seen=2,
        text=ANSWER,
        disposition=Disposition.NOT_UPHELD,
        actor=jordan.main,
        at=NOON + HOUR,
    )
    commands.appeal_case(case=case.pk, seen=None, reason="لا", actor=jordan.get_citizen(case), at=NOON + DAY)
    case.refresh_from_db()
    assert case.reviewer_id == jordan.second_reviewer.officer_id


def test_whoever_did_anything_to_the_case_does_not_review_it(jordan: Jordan) -> None:
    """Also who only wrote a note on it."""
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, officer=jordan.reviewer.officer_id, actor=jordan.main, at=NOON)
    seq = commands.add_note(case=case.pk, seen=2, text="ملاحظة", actor=jordan.reviewer, at=NOON)
    seq = commands.assign_case(case=case.pk, seen=seq, unit=jordan.roads, actor=jordan.main, at=NOON)
    commands.answer_case(
        case=case.pk, seen=seq, text=ANSWER, disposition=Disposition.UPHELD, actor=jordan.main, at=NOON + HOUR
    )
    assert jordan.reviewer.officer_id in list_officers_who_acted(case.pk)
    commands.appeal_case(case=case.pk, seen=None, reason="لا", actor=jordan.get_citizen(case), at=NOON + DAY)
    case.refresh_from_db()
    assert case.reviewer_id == jordan.second_reviewer.officer_id


def test_a_reviewer_who_steps_aside_is_replaced(jordan: Jordan) -> None:
    case = create_appealed_case(jordan)
    commands.recuse_officer(
        case=case.pk, seen=case.seq, reason="قريبي", actor=jordan.reviewer, at=NOON + 3 * DAY
    )
    case.refresh_from_db()
    assert case.reviewer_id == jordan.second_reviewer.officer_id
    assert find_desk_case(jordan.reviewer, case.reference, NOON) is None


def test_a_rejected_appeal_is_final(jordan: Jordan) -> None:
    case = create_appealed_case(jordan)
    commands.decide_appeal(
        case=case.pk, seen=case.seq, outcome=Disposition.NOT_UPHELD, text="أُصلحت الحفرة في 1/12", actor=jordan.reviewer,
        at=NOON + 4 * DAY,
    )  # fmt: skip
    assert get_state(case) is State.CLOSED
    with pytest.raises(NotPossibleNow):
        commands.appeal_case(
            case=case.pk, seen=None, reason="لا", actor=jordan.get_citizen(case), at=NOON + 5 * DAY
        )


def test_only_the_assigned_reviewer_decides(jordan: Jordan) -> None:
    case = create_appealed_case(jordan)
    for somebody in (jordan.second_reviewer, jordan.main, jordan.roads_officer, jordan.pm):
        with pytest.raises(NotAllowed):
            commands.decide_appeal(
                case=case.pk,
                seen=case.seq,
                outcome=Disposition.UPHELD,
                text="قرار",
                actor=somebody,
                at=NOON + 3 * DAY,
            )


def test_asking_pauses_and_the_reply_resumes_with_a_later_date(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    due = case.due_at
    commands.ask_citizen(case=case.pk, seen=2, text="أي مدرسة؟", actor=jordan.roads_officer, at=NOON + HOUR)
    assert get_state(case) is State.AWAITING_CITIZEN
    commands.add_message(
        case=case.pk, seen=None, text="مدرسة طبربور", actor=jordan.get_citizen(case), at=NOON + 2 * DAY
    )
    assert get_state(case) is State.ASSIGNED
    assert case.due_at > due
    assert case.paused_days == 2


def test_information_that_was_missing_reopens(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    commands.answer_case(
        case=case.pk, seen=2, text="لم نجد المكان. أرسل العنوان.", disposition=Disposition.INSUFFICIENT,
        actor=jordan.roads_officer, at=NOON + HOUR,
    )  # fmt: skip
    due = case.due_at
    commands.sweep_deadlines(NOON + 20 * DAY)
    commands.add_message(
        case=case.pk, seen=None, text="شارع الجامعة", actor=jordan.get_citizen(case), at=NOON + 20 * DAY
    )
    assert get_state(case) is State.ASSIGNED
    assert case.due_at > NOON + 20 * DAY > due  # the days without an answer of theirs are nobody's delay
