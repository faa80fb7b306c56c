"""Cases brought as far as a test needs them."""

from typing import Any

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Disposition
from tests.personas import DAY, HOUR, NOON, Jordan

ANSWER = "أصلحنا الحفرة أمام المدرسة يوم الأربعاء، ونفّذ العمل قسم صيانة الشوارع."


def get_state(case: Case) -> State:
    case.refresh_from_db()
    return State(case.state)


def create_assigned_case(jordan: Jordan, **given: Any) -> Case:
    case = jordan.create_case(**given)
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    case.refresh_from_db()
    return case


def create_answered_case(jordan: Jordan, **given: Any) -> Case:
    case = create_assigned_case(jordan, **given)
    commands.answer_case(
        case=case.pk,
        seen=2,
        text=ANSWER,
        disposition=Disposition.UPHELD,
        actor=jordan.roads_officer,
        at=NOON + DAY,
    )
    case.refresh_from_db()
    return case


def create_appealed_case(jordan: Jordan) -> Case:
    case = create_answered_case(jordan)
    citizen = jordan.get_citizen(case)
    commands.rate_case(case=case.pk, seen=None, solved=False, stars=1, actor=citizen, at=NOON + 2 * DAY)
    commands.appeal_case(
        case=case.pk, seen=None, reason="الحفرة ما زالت مكانها", actor=citizen, at=NOON + 2 * DAY
    )
    case.refresh_from_db()
    return case
