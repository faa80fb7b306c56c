"""A person asks, the right officer answers in time, the person says whether it was solved."""

from datetime import timedelta
from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.journal import Conflict
from bekhedmetkom.cases.models import Case, Draft, Event
from bekhedmetkom.cases.queries import desk_case, for_citizen, verify_journal
from bekhedmetkom.cases.queries.workload import acted_on
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.states import Happened, NotPossibleNow, State
from bekhedmetkom.catalogue.rules import Disposition, Kind, Level
from bekhedmetkom.entities.commands import declare_holiday
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.entities.versions import ask_again
from bekhedmetkom.kernel.errors import Invalid, NotAllowed
from tests.personas import DAY, HOUR, NOON, Jordan

ANSWER = "أصلحنا الحفرة أمام المدرسة يوم الأربعاء، ونفّذ العمل قسم صيانة الشوارع."


def state(case: Case) -> State:
    case.refresh_from_db()
    return State(case.state)


def assigned(jordan: Jordan, **given: Any) -> Case:
    case = jordan.case(**given)
    commands.assign(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    case.refresh_from_db()
    return case


def answered(jordan: Jordan, **given: Any) -> Case:
    case = assigned(jordan, **given)
    commands.answer(
        case=case.pk,
        seen=2,
        text=ANSWER,
        disposition=Disposition.UPHELD,
        actor=jordan.roads_officer,
        at=NOON + DAY,
    )
    case.refresh_from_db()
    return case


def appealed(jordan: Jordan) -> Case:
    case = answered(jordan)
    citizen = jordan.citizen(case)
    commands.rate(case=case.pk, seen=None, solved=False, stars=1, actor=citizen, at=NOON + 2 * DAY)
    commands.appeal(case=case.pk, seen=None, reason="الحفرة ما زالت مكانها", actor=citizen, at=NOON + 2 * DAY)
    case.refresh_from_db()
    return case


def test_the_loop_from_a_complaint_to_a_reviewers_decision(jordan: Jordan) -> None:
    sent = jordan.submit()
    case = Case.objects.get(pk=sent.case)
    assert sent.due_at - NOON > 5 * DAY
    assert desk_case(jordan.main, sent.reference, NOON) is not None

    seq = commands.assign(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    assert desk_case(jordan.lighting_officer, sent.reference, NOON) is None
    seq = commands.answer(
        case=case.pk,
        seen=seq,
        text=ANSWER,
        disposition=Disposition.UPHELD,
        actor=jordan.roads_officer,
        at=NOON + DAY,
    )
    seen = for_citizen(sent.reference, sent.access_code, NOON + DAY)
    assert seen and seen.response == ANSWER
    assert {"rate", "appeal"} <= set(seen.can)

    citizen = jordan.citizen(case)
    commands.rate(case=case.pk, seen=seq, solved=False, stars=1, actor=citizen, at=NOON + 2 * DAY)
    assert state(case) is State.ANSWERED
    commands.appeal(case=case.pk, seen=None, reason="ما زالت الحفرة", actor=citizen, at=NOON + 2 * DAY)
    assert state(case) is State.APPEALED
    assert case.reviewer_id == jordan.reviewer.officer_id

    decision = "زرنا المكان ووجدنا الحفرة. يعاد العمل."
    commands.decide(
        case=case.pk,
        seen=case.seq,
        outcome=Disposition.UPHELD,
        text=decision,
        actor=jordan.reviewer,
        at=NOON + 3 * DAY,
    )
    assert state(case) is State.CLASSIFIED
    assert case.due_at > NOON + 3 * DAY
    assert list(verify_journal()) == []


def test_who_comes_second_learns_what_changed(jordan: Jordan) -> None:
    case = jordan.case()
    commands.assign(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON)
    with pytest.raises(Conflict) as late:
        commands.assign(case=case.pk, seen=1, unit=jordan.lighting, actor=jordan.main, at=NOON)
    assert (late.value.seq, late.value.changed) == (2, [Happened.ASSIGNED])
    case.refresh_from_db()
    assert case.unit_id == jordan.roads


def test_a_reminder_meanwhile_is_no_conflict(jordan: Jordan) -> None:
    case = jordan.case()
    commands.sweep(NOON + 4 * DAY)
    case.refresh_from_db()
    assert case.seq > 1
    commands.assign(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + 4 * DAY)


def test_resolved_is_the_citizens_word(jordan: Jordan) -> None:
    case = answered(jordan)
    commands.rate(
        case=case.pk, seen=None, solved=True, stars=5, actor=jordan.citizen(case), at=NOON + 2 * DAY
    )
    assert state(case) is State.RESOLVED
    assert case.solved
    assert case.stars == 5


def test_silence_closes_and_never_counts_as_resolved(jordan: Jordan) -> None:
    case = answered(jordan)
    commands.sweep(NOON + 40 * DAY)
    assert state(case) is State.CLOSED
    assert case.solved is None
    kinds = list(Event.objects.filter(case=case).order_by("seq").values_list("kind", flat=True))
    assert kinds[-2:] == [Happened.ASKED_AGAIN, Happened.LAPSED]


def test_a_late_yes_still_counts_within_the_window(jordan: Jordan) -> None:
    case = answered(jordan)
    commands.sweep(NOON + 20 * DAY)
    commands.rate(case=case.pk, seen=None, solved=True, actor=jordan.citizen(case), at=NOON + 25 * DAY)
    assert state(case) is State.RESOLVED


def test_after_thirty_days_there_is_no_appeal(jordan: Jordan) -> None:
    case = answered(jordan)
    with pytest.raises(NotPossibleNow):
        commands.appeal(
            case=case.pk, seen=None, reason="لم يُحل", actor=jordan.citizen(case), at=NOON + 32 * DAY
        )


def test_the_reviewer_never_handled_the_case(jordan: Jordan) -> None:
    case = jordan.case()
    commands.assign(case=case.pk, seen=1, officer=jordan.reviewer.officer_id, actor=jordan.main, at=NOON)
    commands.answer(
        case=case.pk,
        seen=2,
        text=ANSWER,
        disposition=Disposition.NOT_UPHELD,
        actor=jordan.main,
        at=NOON + HOUR,
    )
    commands.appeal(case=case.pk, seen=None, reason="لا", actor=jordan.citizen(case), at=NOON + DAY)
    case.refresh_from_db()
    assert case.reviewer_id == jordan.second_reviewer.officer_id


def test_whoever_did_anything_to_the_case_does_not_review_it(jordan: Jordan) -> None:
    """Also who only wrote a note on it."""
    case = jordan.case()
    commands.assign(case=case.pk, seen=1, officer=jordan.reviewer.officer_id, actor=jordan.main, at=NOON)
    seq = commands.note(case=case.pk, seen=2, text="ملاحظة", actor=jordan.reviewer, at=NOON)
    seq = commands.assign(case=case.pk, seen=seq, unit=jordan.roads, actor=jordan.main, at=NOON)
    commands.answer(
        case=case.pk, seen=seq, text=ANSWER, disposition=Disposition.UPHELD, actor=jordan.main, at=NOON + HOUR
    )
    assert jordan.reviewer.officer_id in acted_on(case.pk)
    commands.appeal(case=case.pk, seen=None, reason="لا", actor=jordan.citizen(case), at=NOON + DAY)
    case.refresh_from_db()
    assert case.reviewer_id == jordan.second_reviewer.officer_id


def test_a_calendar_that_changes_does_not_move_a_date_that_has_passed(jordan: Jordan) -> None:
    case = jordan.case()
    due = case.due_at
    declare_holiday(
        day=due.date(), name_ar="عطلة", name_en="Holiday", decision="بلاغ", actor=jordan.administrator,
        at=due + DAY,
    )  # fmt: skip
    ask_again()
    assert commands.reschedule(due + DAY) == 0


def test_a_reviewer_who_steps_aside_is_replaced(jordan: Jordan) -> None:
    case = appealed(jordan)
    commands.recuse(case=case.pk, seen=case.seq, reason="قريبي", actor=jordan.reviewer, at=NOON + 3 * DAY)
    case.refresh_from_db()
    assert case.reviewer_id == jordan.second_reviewer.officer_id
    assert desk_case(jordan.reviewer, case.reference, NOON) is None


def test_a_rejected_appeal_is_final(jordan: Jordan) -> None:
    case = appealed(jordan)
    commands.decide(
        case=case.pk, seen=case.seq, outcome=Disposition.NOT_UPHELD, text="أُصلحت الحفرة في 1/12", actor=jordan.reviewer,
        at=NOON + 4 * DAY,
    )  # fmt: skip
    assert state(case) is State.CLOSED
    with pytest.raises(NotPossibleNow):
        commands.appeal(case=case.pk, seen=None, reason="لا", actor=jordan.citizen(case), at=NOON + 5 * DAY)


def test_only_the_assigned_reviewer_decides(jordan: Jordan) -> None:
    case = appealed(jordan)
    for somebody in (jordan.second_reviewer, jordan.main, jordan.roads_officer, jordan.pm):
        with pytest.raises(NotAllowed):
            commands.decide(
                case=case.pk,
                seen=case.seq,
                outcome=Disposition.UPHELD,
                text="قرار",
                actor=somebody,
                at=NOON + 3 * DAY,
            )


def test_asking_pauses_and_the_reply_resumes_with_a_later_date(jordan: Jordan) -> None:
    case = assigned(jordan)
    due = case.due_at
    commands.ask(case=case.pk, seen=2, text="أي مدرسة؟", actor=jordan.roads_officer, at=NOON + HOUR)
    assert state(case) is State.AWAITING_CITIZEN
    commands.write(
        case=case.pk, seen=None, text="مدرسة طبربور", actor=jordan.citizen(case), at=NOON + 2 * DAY
    )
    assert state(case) is State.ASSIGNED
    assert case.due_at > due
    assert case.paused_days == 2


def test_information_that_was_missing_reopens(jordan: Jordan) -> None:
    case = assigned(jordan)
    commands.answer(
        case=case.pk, seen=2, text="لم نجد المكان. أرسل العنوان.", disposition=Disposition.INSUFFICIENT,
        actor=jordan.roads_officer, at=NOON + HOUR,
    )  # fmt: skip
    due = case.due_at
    commands.sweep(NOON + 20 * DAY)
    commands.write(
        case=case.pk, seen=None, text="شارع الجامعة", actor=jordan.citizen(case), at=NOON + 20 * DAY
    )
    assert state(case) is State.ASSIGNED
    assert case.due_at > NOON + 20 * DAY > due  # the days without an answer of theirs are nobody's delay


def test_replies_go_through_the_approver_where_the_body_asks_for_it(jordan: Jordan) -> None:
    Entity.objects.filter(code="GAM").update(needs_approval=True)
    ask_again()
    case = assigned(jordan)
    commands.save_draft(case=case.pk, text="مسودة", actor=jordan.roads_officer, at=NOON + HOUR)
    with pytest.raises(NotPossibleNow):
        commands.answer(
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
    seq = commands.send_back(
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
    commands.approve(case=case.pk, seen=seq, actor=jordan.approver, at=NOON + DAY)
    assert state(case) is State.ANSWERED
    assert case.handlers == [jordan.roads_officer.officer_id, jordan.approver.officer_id]
    assert list(verify_journal()) == []


def test_abuse_needs_a_second_person_and_can_be_appealed(jordan: Jordan) -> None:
    case = jordan.case("كلام لا معنى له")
    with pytest.raises(NotPossibleNow):
        commands.answer(
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
        commands.confirm(case=case.pk, seen=seq, actor=jordan.main, at=NOON + HOUR)
    commands.confirm(case=case.pk, seen=seq, actor=jordan.manager, at=NOON + 2 * HOUR)
    assert state(case) is State.ANSWERED
    commands.appeal(case=case.pk, seen=None, reason="ليس إزعاجًا", actor=jordan.citizen(case), at=NOON + DAY)


def test_an_extension_comes_from_above_before_the_date_and_once(jordan: Jordan) -> None:
    case = assigned(jordan)
    due = case.due_at
    with pytest.raises(NotAllowed):
        commands.extend(case=case.pk, seen=2, reason="نحتاج وقتًا", actor=jordan.roads_officer, at=NOON + DAY)
    seq = commands.extend(case=case.pk, seen=2, reason="ننتظر الإسفلت", actor=jordan.manager, at=NOON + DAY)
    case.refresh_from_db()
    assert case.due_at > due
    with pytest.raises(NotPossibleNow):
        commands.extend(case=case.pk, seen=seq, reason="مرة أخرى", actor=jordan.head, at=NOON + DAY)
    late = assigned(jordan)
    with pytest.raises(NotPossibleNow):
        commands.extend(case=late.pk, seen=2, reason="متأخر", actor=jordan.manager, at=late.due_at + DAY)


def test_two_referrals_then_the_prime_ministry_decides(jordan: Jordan) -> None:
    case = jordan.case()
    due = case.due_at
    moh, gam = jordan.entities["MOH"], jordan.entities["GAM"]
    seq = commands.refer(case=case.pk, seen=1, entity=moh, reason="للصحة", actor=jordan.main, at=NOON)
    seq = commands.accept(case=case.pk, seen=seq, actor=jordan.rival, at=NOON)
    seq = commands.refer(case=case.pk, seen=seq, entity=gam, reason="للأمانة", actor=jordan.rival, at=NOON)
    commands.refer(case=case.pk, seen=seq, entity=moh, reason="للصحة", actor=jordan.main, at=NOON)
    case.refresh_from_db()
    assert case.entity_id == jordan.entities["PM"]
    assert case.due_at == due


def test_not_ours_returns_to_who_referred_it_and_from_there_to_triage(jordan: Jordan) -> None:
    case = jordan.case()
    seq = commands.refer(
        case=case.pk, seen=1, entity=jordan.entities["MOH"], reason="للصحة", actor=jordan.main, at=NOON
    )
    seq = commands.give_back(case=case.pk, seen=seq, reason="ليس لنا", actor=jordan.rival, at=NOON)
    case.refresh_from_db()
    assert (case.entity_id, case.triage) == (jordan.entities["GAM"], False)
    commands.give_back(case=case.pk, seen=seq, reason="ليس لنا", actor=jordan.main, at=NOON)
    case.refresh_from_db()
    assert (case.entity_id, case.triage) == (jordan.entities["PM"], True)


def test_triage_names_the_body_and_the_date_stands(jordan: Jordan) -> None:
    case = jordan.case("في شي غلط بس ما بعرف مين المسؤول", entity=None)
    assert case.triage
    due = case.due_at
    commands.classify(case=case.pk, seen=1, entity=jordan.entities["GAM"], actor=jordan.pm, at=NOON + HOUR)
    case.refresh_from_db()
    assert (case.entity_id, case.triage) == (jordan.entities["GAM"], False)
    assert case.due_at <= due


def test_reclassifying_never_makes_the_date_later(jordan: Jordan) -> None:
    case = jordan.case()
    due = case.due_at
    seq = commands.reclassify(
        case=case.pk, seen=1, kind=Kind.SUGGESTION, reason="هو اقتراح", actor=jordan.main, at=NOON
    )
    case.refresh_from_db()
    assert (case.kind, case.due_at) == ("suggestion", due)
    commands.reclassify(case=case.pk, seen=seq, kind=Kind.QUESTION, reason="سؤال", actor=jordan.main, at=NOON)
    case.refresh_from_db()
    assert case.due_at < due


def test_two_cases_of_one_person_join_and_keep_the_earlier_date(jordan: Jordan) -> None:
    first, second = jordan.case(), jordan.case(at=NOON + 2 * DAY)
    commands.merge(case=first.pk, seen=1, into=second.reference, actor=jordan.main, at=NOON + 3 * DAY)
    due = first.due_at
    second.refresh_from_db()
    assert state(first) is State.MERGED
    assert second.due_at == due
    assert list(verify_journal()) == []


def test_two_peoples_cases_are_never_joined(jordan: Jordan) -> None:
    mine, theirs = jordan.case(), jordan.case(applicant=Applicant(phone="+962799999999"))
    nameless, other = jordan.case(applicant=Applicant()), jordan.case(applicant=Applicant())
    for case, into in ((mine, theirs), (nameless, other)):
        with pytest.raises(Invalid):
            commands.merge(case=case.pk, seen=1, into=into.reference, actor=jordan.main, at=NOON)


def test_a_part_becomes_a_case_that_the_same_code_opens(jordan: Jordan) -> None:
    sent = jordan.submit()
    commands.split(case=sent.case, seen=1, text="والإنارة مطفأة أيضًا", actor=jordan.main, at=NOON + DAY)
    part = Case.objects.exclude(pk=sent.case).get()
    assert for_citizen(part.reference, sent.access_code, NOON + DAY)
    assert part.due_at <= sent.due_at
    assert list(verify_journal()) == []


def test_a_withheld_identity_is_shown_only_after_a_journalled_look(jordan: Jordan) -> None:
    case = jordan.case(withhold_identity=True)
    commands.assign(case=case.pk, seen=1, officer=jordan.pm.officer_id, actor=jordan.pm, at=NOON)
    for somebody in (jordan.main, jordan.head, jordan.manager):
        desk = desk_case(somebody, case.reference, NOON)
        assert desk and desk.particulars is None
        with pytest.raises(NotAllowed):
            commands.reveal(case=case.pk, seen=2, reason="فضول", actor=somebody, at=NOON)
    desk = desk_case(jordan.pm, case.reference, NOON)
    assert desk and desk.particulars is None
    commands.reveal(case=case.pk, seen=2, reason="لأتصل به", actor=jordan.pm, at=NOON)
    desk = desk_case(jordan.pm, case.reference, NOON)
    assert desk and desk.particulars and desk.particulars.phone == "+962791234567"


def test_instructions_promises_snoozes_and_a_raised_case(jordan: Jordan) -> None:
    case = assigned(jordan)
    seq = commands.instruct(
        case=case.pk, seen=2, text="أنهوه اليوم", until=NOON + 2 * DAY, actor=jordan.head, at=NOON + HOUR
    )
    seq = commands.snooze(
        case=case.pk, seen=seq, until=NOON + DAY, actor=jordan.roads_officer, at=NOON + HOUR
    )
    seq = commands.escalate(
        case=case.pk,
        seen=seq,
        level=Level.HEAD_OF_BODY,
        reason="خطر",
        actor=jordan.roads_officer,
        at=NOON + HOUR,
    )
    seq = commands.commit(
        case=case.pk,
        seen=seq,
        text="نعبّد الشارع كله",
        until=NOON + 60 * DAY,
        actor=jordan.roads_officer,
        at=NOON + HOUR,
    )
    commands.fulfil(case=case.pk, seen=seq, text="عُبّد الشارع", actor=jordan.roads_officer, at=NOON + 2 * HOUR)
    case.refresh_from_db()
    assert case.level == Level.HEAD_OF_BODY
    with pytest.raises(Invalid):
        commands.snooze(
            case=case.pk,
            seen=case.seq,
            until=case.due_at + DAY,
            actor=jordan.roads_officer,
            at=NOON + 3 * HOUR,
        )
    assert list(verify_journal()) == []


def test_withdrawing_ends_it_and_only_its_citizen_can(jordan: Jordan) -> None:
    case, other = jordan.case(), jordan.case()
    with pytest.raises(NotAllowed):
        commands.withdraw(case=case.pk, seen=None, actor=jordan.citizen(other), at=NOON)
    commands.withdraw(case=case.pk, seen=None, actor=jordan.citizen(case), at=NOON)
    assert state(case) is State.WITHDRAWN
    commands.sweep(NOON + 90 * DAY)
    assert Event.objects.filter(case=case).count() == 2


def test_a_holiday_declared_late_moves_open_dates_once_and_says_why(jordan: Jordan) -> None:
    case = jordan.case()
    due = case.due_at
    declare_holiday(
        day=(NOON + 2 * DAY).date(), name_ar="عطلة", name_en="Holiday", decision="بلاغ 12", actor=jordan.administrator,
        at=NOON + HOUR,
    )  # fmt: skip
    ask_again()
    assert commands.reschedule(NOON + HOUR) == 1
    assert commands.reschedule(NOON + HOUR) == 0
    case.refresh_from_db()
    assert case.due_at - due >= timedelta(days=1)
    assert case.promised_at == due
