"""A body says which of its replies are approved; who approves; and that nobody approves their own."""

from dataclasses import replace

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import find_desk_case, list_approval_rules, list_reply_approvers
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Membership
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.routing.models import ApprovalRule
from tests.commands.cases.case_stages import ANSWER, create_assigned_case, get_state
from tests.personas import DAY, HOUR, NOON, Jordan, require_approval


def submitted(jordan: Jordan, case: Case, *, seen: int = 2, by: Actor | None = None) -> int:
    return commands.submit_reply(
        case=case.pk, seen=seen, text=ANSWER, disposition=Disposition.UPHELD, actor=by or jordan.roads_officer,
        at=NOON + DAY,
    )  # fmt: skip


def answered(jordan: Jordan, case: Case) -> None:
    commands.answer_case(
        case=case.pk, seen=2, text=ANSWER, disposition=Disposition.UPHELD, actor=jordan.roads_officer, at=NOON + DAY
    )  # fmt: skip


def test_a_body_sets_and_ends_a_rule_and_each_is_written_down(jordan: Jordan) -> None:
    gam = jordan.entities["GAM"]
    rule = commands.add_approval_rule(entity=gam, kind=Kind.COMPLAINT, actor=jordan.manager, at=NOON)
    refresh_versions()
    assert [one.kind for one in list_approval_rules(gam)] == [Kind.COMPLAINT]
    with pytest.raises(NotPossibleNow, match="to complaints"):
        answered(jordan, create_assigned_case(jordan))
    commands.end_approval_rule(rule=rule, actor=jordan.head, at=NOON + HOUR)
    commands.end_approval_rule(rule=rule, actor=jordan.head, at=NOON + HOUR)
    refresh_versions()
    answered(jordan, create_assigned_case(jordan))
    history = ChangeRecord.objects.filter(model="routing.ApprovalRule", key=str(rule)).order_by("id")
    assert [row.actor for row in history] == [str(jordan.manager), str(jordan.head)]
    assert history[1].before == {"ended_on": None}


@pytest.mark.parametrize(
    "who", ["roads_officer", "approver", "rival", "office", "pm", "minister_of_elsewhere"]
)
def test_nobody_else_sets_or_ends_a_bodys_rules(jordan: Jordan, who: str) -> None:
    body = jordan.entities["MOH" if who == "minister_of_elsewhere" else "GAM"]
    actor = jordan.minister if who == "minister_of_elsewhere" else jordan.people[who]
    rule = ApprovalRule.objects.create(entity_id=body)
    with pytest.raises(NotAllowed):
        commands.add_approval_rule(entity=body, new_for=90, actor=actor, at=NOON)
    with pytest.raises(NotAllowed):
        commands.end_approval_rule(rule=rule.pk, actor=actor, at=NOON)
    assert ApprovalRule.objects.get().ended_on is None


def test_a_rule_names_what_is_the_bodys_own_and_stands_once(jordan: Jordan) -> None:
    gam, other = (
        jordan.entities["GAM"],
        next(key for code, key in jordan.services.items() if code.startswith("MOH")),
    )
    for wrong in ({"service": other}, {"officer": jordan.rival.officer_id}, {"new_for": 7}):
        with pytest.raises(InvalidInput):
            commands.add_approval_rule(entity=gam, actor=jordan.main, at=NOON, **wrong)
    commands.add_approval_rule(entity=gam, new_for=90, actor=jordan.main, at=NOON)
    with pytest.raises(InvalidInput):
        commands.add_approval_rule(entity=gam, new_for=90, actor=jordan.main, at=NOON)
    assert ApprovalRule.objects.count() == 1


def test_a_new_officers_replies_are_approved_until_they_are_new_no_more(jordan: Jordan) -> None:
    commands.add_approval_rule(entity=jordan.entities["GAM"], new_for=30, actor=jordan.main, at=NOON)
    refresh_versions()
    answered(jordan, create_assigned_case(jordan))
    held = Membership.objects.filter(officer=jordan.roads_officer.officer_id)
    held.update(valid_from=get_local_date(NOON))
    with pytest.raises(NotPossibleNow, match="less than 30 days"):
        answered(jordan, create_assigned_case(jordan))


def test_nobody_approves_what_they_wrote_in_an_earlier_round(jordan: Jordan) -> None:
    require_approval(jordan.entities["GAM"])
    case = create_assigned_case(jordan)
    seq = submitted(jordan, case, by=jordan.head)
    seq = commands.send_back_reply(
        case=case.pk, seen=seq, reason="أين التاريخ؟", actor=jordan.approver, at=NOON + DAY
    )
    seq = submitted(jordan, case, seen=seq)
    page = find_desk_case(jordan.head, case.reference, NOON + DAY)
    assert page and not {"approve", "send-back"} & set(page.can)
    with pytest.raises(NotAllowed):
        commands.approve_reply(case=case.pk, seen=seq, actor=jordan.head, at=NOON + DAY)
    with pytest.raises(NotAllowed):
        commands.send_back_reply(case=case.pk, seen=seq, reason="لا", actor=jordan.head, at=NOON + DAY)
    commands.approve_reply(case=case.pk, seen=seq, actor=jordan.approver, at=NOON + DAY)
    assert get_state(case) is State.ANSWERED


def test_an_official_above_who_writes_has_it_approved_too(jordan: Jordan) -> None:
    require_approval(jordan.entities["GAM"])
    case = create_assigned_case(jordan)
    page = find_desk_case(jordan.manager, case.reference, NOON)
    assert page and "submit" in page.can and "answer" not in page.can
    seq = submitted(jordan, case, by=jordan.manager)
    commands.approve_reply(case=case.pk, seen=seq, actor=jordan.approver, at=NOON + DAY)


def test_who_approves_is_the_nearest_who_did_not_write(jordan: Jordan) -> None:
    standing = create_assigned_case(jordan).standing
    nearest = ("approver", "head", "pm")
    for place, name in enumerate(nearest):
        wrote = {jordan.people[above].officer_id or 0 for above in nearest[:place]}
        assert list_reply_approvers(standing, wrote, NOON) == [jordan.people[name].officer_id]
    district = replace(standing, entity_id=jordan.entities["GAM-01"])
    assert list_reply_approvers(district, (), NOON) == [jordan.head.officer_id]


def test_where_nobody_at_all_approves_the_prime_ministry_unit_does(jordan: Jordan) -> None:
    require_approval(jordan.entities["MOH"])
    case = jordan.create_case(entity=jordan.entities["MOH"])
    seq = submitted(jordan, case, seen=1, by=jordan.rival)
    assert list_reply_approvers(case.standing, [jordan.rival.officer_id or 0], NOON) == [jordan.pm.officer_id]
    commands.approve_reply(case=case.pk, seen=seq, actor=jordan.pm, at=NOON + DAY)
    assert get_state(case) is State.ANSWERED
