"""What officers do on the way to an answer: approval, distribution, dates, identity, joining and parting."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import find_case_for_citizen, find_desk_case, verify_journal
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.cases.workspace_models import Draft
from bekhedmetkom.catalogue.rules import Disposition, EscalationLevel, Kind
from bekhedmetkom.entities.commands import declare_holiday
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.commands.cases.case_stages import ANSWER, create_assigned_case, get_state
from tests.personas import DAY, HOUR, NOON, Jordan, require_approval


def test_replies_go_through_the_approver_where_the_body_asks_for_it(jordan: Jordan) -> None:
    require_approval(jordan.entities["GAM"])
    case = create_assigned_case(jordan)
    commands.save_reply_draft(case=case.pk, text="مسودة", actor=jordan.roads_officer, at=NOON + HOUR)
    with pytest.raises(NotPossibleNow):
        commands.answer_case(
            case=case.pk,
            seen=2,
            text=ANSWER,
            disposition=Disposition.UPHELD,
            actor=jordan.roads_officer,
            at=NOON + DAY,
        )
    seq = commands.submit_reply(
        case=case.pk,
        seen=2,
        text=ANSWER,
        disposition=Disposition.UPHELD,
        actor=jordan.roads_officer,
        at=NOON + DAY,
    )
    assert not Draft.objects.exists()
    seq = commands.send_back_reply(
        case=case.pk, seen=seq, reason="أين التاريخ؟", actor=jordan.approver, at=NOON + DAY
    )
    seq = commands.submit_reply(
        case=case.pk,
        seen=seq,
        text=ANSWER,
        disposition=Disposition.UPHELD,
        actor=jordan.roads_officer,
        at=NOON + DAY,
    )
    commands.approve_reply(case=case.pk, seen=seq, actor=jordan.approver, at=NOON + DAY)
    assert get_state(case) is State.ANSWERED
    assert case.handlers == [jordan.roads_officer.officer_id, jordan.approver.officer_id]
    assert list(verify_journal()) == []


def test_abuse_needs_a_second_person_and_can_be_appealed(jordan: Jordan) -> None:
    case = jordan.create_case("كلام لا معنى له")
    with pytest.raises(NotPossibleNow):
        commands.answer_case(
            case=case.pk,
            seen=1,
            text="إزعاج",
            disposition=Disposition.ABUSE,
            actor=jordan.main,
            at=NOON + HOUR,
        )
    seq = commands.submit_reply(
        case=case.pk, seen=1, text="إزعاج", disposition=Disposition.ABUSE, actor=jordan.main, at=NOON + HOUR
    )
    with pytest.raises(NotAllowed):
        commands.confirm_abuse(case=case.pk, seen=seq, actor=jordan.main, at=NOON + HOUR)
    commands.confirm_abuse(case=case.pk, seen=seq, actor=jordan.manager, at=NOON + 2 * HOUR)
    assert get_state(case) is State.ANSWERED
    commands.appeal_case(
        case=case.pk, seen=None, reason="ليس إزعاجًا", actor=jordan.get_citizen(case), at=NOON + DAY
    )


def test_an_extension_comes_from_above_before_the_date_and_once(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    due = case.due_at
    with pytest.raises(NotAllowed):
        commands.extend_deadline(
            case=case.pk, seen=2, reason="نحتاج وقتًا", actor=jordan.roads_officer, at=NOON + DAY
        )
    both = replace(jordan.manager, grants=jordan.manager.grants + jordan.main.grants)
    with pytest.raises(NotAllowed):
        commands.extend_deadline(case=case.pk, seen=2, reason="نحتاج وقتًا", actor=both, at=NOON + DAY)
    seq = commands.extend_deadline(
        case=case.pk, seen=2, reason="ننتظر الإسفلت", actor=jordan.manager, at=NOON + DAY
    )
    case.refresh_from_db()
    assert case.due_at > due
    with pytest.raises(NotPossibleNow):
        commands.extend_deadline(case=case.pk, seen=seq, reason="مرة أخرى", actor=jordan.head, at=NOON + DAY)
    late = create_assigned_case(jordan)
    with pytest.raises(NotPossibleNow):
        commands.extend_deadline(
            case=late.pk, seen=2, reason="متأخر", actor=jordan.manager, at=late.due_at + DAY
        )


def test_two_referrals_then_the_prime_ministry_decides(jordan: Jordan) -> None:
    case = jordan.create_case()
    due = case.due_at
    moh, gam = jordan.entities["MOH"], jordan.entities["GAM"]
    seq = commands.refer_case(case=case.pk, seen=1, entity=moh, reason="للصحة", actor=jordan.main, at=NOON)
    seq = commands.accept_case(case=case.pk, seen=seq, actor=jordan.rival, at=NOON)
    seq = commands.refer_case(
        case=case.pk, seen=seq, entity=gam, reason="للأمانة", actor=jordan.rival, at=NOON
    )
    commands.refer_case(case=case.pk, seen=seq, entity=moh, reason="للصحة", actor=jordan.main, at=NOON)
    case.refresh_from_db()
    assert case.entity_id == jordan.entities["PM"]
    assert case.due_at == due


def test_not_ours_returns_to_who_referred_it_and_from_there_to_triage(jordan: Jordan) -> None:
    case = jordan.create_case()
    seq = commands.refer_case(
        case=case.pk, seen=1, entity=jordan.entities["MOH"], reason="للصحة", actor=jordan.main, at=NOON
    )
    seq = commands.return_case(case=case.pk, seen=seq, reason="ليس لنا", actor=jordan.rival, at=NOON)
    case.refresh_from_db()
    assert (case.entity_id, case.triage) == (jordan.entities["GAM"], False)
    commands.return_case(case=case.pk, seen=seq, reason="ليس لنا", actor=jordan.main, at=NOON)
    case.refresh_from_db()
    assert (case.entity_id, case.triage) == (jordan.entities["PM"], True)


def test_triage_names_the_body_and_the_date_stands(jordan: Jordan) -> None:
    case = jordan.create_case("في شي غلط بس ما بعرف مين المسؤول", entity=None)
    assert case.triage
    due = case.due_at
    commands.classify_case(
        case=case.pk, seen=1, entity=jordan.entities["GAM"], actor=jordan.pm, at=NOON + HOUR
    )
    case.refresh_from_db()
    assert (case.entity_id, case.triage) == (jordan.entities["GAM"], False)
    assert case.due_at <= due


def test_reclassifying_never_makes_the_date_later(jordan: Jordan) -> None:
    case = jordan.create_case()
    due = case.due_at
    seq = commands.reclassify_case(
        case=case.pk, seen=1, kind=Kind.SUGGESTION, reason="هو اقتراح", actor=jordan.main, at=NOON
    )
    case.refresh_from_db()
    assert (case.kind, case.due_at) == ("suggestion", due)
    commands.reclassify_case(
        case=case.pk, seen=seq, kind=Kind.QUESTION, reason="سؤال", actor=jordan.main, at=NOON
    )
    case.refresh_from_db()
    assert case.due_at < due


def test_two_cases_of_one_person_join_and_keep_the_earlier_date(jordan: Jordan) -> None:
    first, second = jordan.create_case(), jordan.create_case(at=NOON + 2 * DAY)
    commands.merge_case(case=first.pk, seen=1, into=second.reference, actor=jordan.main, at=NOON + 3 * DAY)
    due = first.due_at
    second.refresh_from_db()
    assert get_state(first) is State.MERGED
    assert second.due_at == due
    assert list(verify_journal()) == []


def test_two_peoples_cases_are_never_joined(jordan: Jordan) -> None:
    mine, theirs = jordan.create_case(), jordan.create_case(applicant=Applicant(phone="+962799999999"))
    nameless, other = jordan.create_case(applicant=Applicant()), jordan.create_case(applicant=Applicant())
    for case, into in ((mine, theirs), (nameless, other)):
        with pytest.raises(InvalidInput):
            commands.merge_case(case=case.pk, seen=1, into=into.reference, actor=jordan.main, at=NOON)


def test_a_part_becomes_a_case_that_the_same_code_opens(jordan: Jordan) -> None:
    sent = jordan.submit()
    commands.split_case(case=sent.case, seen=1, text="والإنارة مطفأة أيضًا", actor=jordan.main, at=NOON + DAY)
    part = Case.objects.exclude(pk=sent.case).get()
    assert find_case_for_citizen(part.reference, sent.access_code, NOON + DAY)
    assert part.due_at <= sent.due_at
    assert list(verify_journal()) == []


def test_a_withheld_identity_is_shown_only_after_a_journalled_look(jordan: Jordan) -> None:
    case = jordan.create_case(withhold_identity=True)
    commands.assign_case(case=case.pk, seen=1, officer=jordan.pm.officer_id, actor=jordan.pm, at=NOON)
    for somebody in (jordan.main, jordan.head, jordan.manager):
        desk = find_desk_case(somebody, case.reference, NOON)
        assert desk and desk.particulars is None
        with pytest.raises(NotAllowed):
            commands.reveal_identity(case=case.pk, seen=2, reason="فضول", actor=somebody, at=NOON)
    desk = find_desk_case(jordan.pm, case.reference, NOON)
    assert desk and desk.particulars is None
    commands.reveal_identity(case=case.pk, seen=2, reason="لأتصل به", actor=jordan.pm, at=NOON)
    desk = find_desk_case(jordan.pm, case.reference, NOON)
    assert desk and desk.particulars and desk.particulars.phone == "+962791234567"


def test_instructions_promises_snoozes_and_a_raised_case(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    seq = commands.give_instruction(
        case=case.pk, seen=2, text="أنهوه اليوم", until=NOON + 2 * DAY, actor=jordan.head, at=NOON + HOUR
    )
    seq = commands.snooze_case(
        case=case.pk, seen=seq, until=NOON + DAY, actor=jordan.roads_officer, at=NOON + HOUR
    )
    seq = commands.escalate_case(
        case=case.pk,
        seen=seq,
        level=EscalationLevel.HEAD_OF_BODY,
        reason="خطر",
        actor=jordan.roads_officer,
        at=NOON + HOUR,
    )
    seq = commands.make_commitment(
        case=case.pk,
        seen=seq,
        text="نعبّد الشارع كله",
        until=NOON + 60 * DAY,
        actor=jordan.roads_officer,
        at=NOON + HOUR,
    )
    commands.fulfil_commitment(
        case=case.pk, seen=seq, text="عُبّد الشارع", actor=jordan.roads_officer, at=NOON + 2 * HOUR
    )
    case.refresh_from_db()
    assert case.level == EscalationLevel.HEAD_OF_BODY
    with pytest.raises(InvalidInput):
        commands.snooze_case(
            case=case.pk,
            seen=case.seq,
            until=case.due_at + DAY,
            actor=jordan.roads_officer,
            at=NOON + 3 * HOUR,
        )
    assert list(verify_journal()) == []


def test_withdrawing_ends_it_and_only_its_citizen_can(jordan: Jordan) -> None:
    case, other = jordan.create_case(), jordan.create_case()
    with pytest.raises(NotAllowed):
        commands.withdraw_case(case=case.pk, seen=None, actor=jordan.get_citizen(other), at=NOON)
    commands.withdraw_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON)
    assert get_state(case) is State.WITHDRAWN
    commands.sweep_deadlines(NOON + 90 * DAY)
    assert Event.objects.filter(case=case).count() == 2


def test_a_calendar_that_changes_does_not_move_a_date_that_has_passed(jordan: Jordan) -> None:
    case = jordan.create_case()
    due = case.due_at
    declare_holiday(
        day=due.date(), name_ar="عطلة", name_en="Holiday", decision="بلاغ", actor=jordan.administrator,
        at=due + DAY,
    )  # fmt: skip
    refresh_versions()
    assert commands.reschedule_cases(due + DAY) == 0


def test_a_holiday_declared_late_moves_open_dates_once_and_says_why(jordan: Jordan) -> None:
    case = jordan.create_case()
    due = case.due_at
    declare_holiday(
        day=(NOON + 2 * DAY).date(), name_ar="عطلة", name_en="Holiday", decision="بلاغ 12", actor=jordan.administrator,
        at=NOON + HOUR,
    )  # fmt: skip
    refresh_versions()
    assert commands.reschedule_cases(NOON + HOUR) == 1
    assert commands.reschedule_cases(NOON + HOUR) == 0
    case.refresh_from_db()
    assert case.due_at - due >= timedelta(days=1)
    assert case.promised_at == due
