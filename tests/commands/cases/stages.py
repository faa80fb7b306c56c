"""Cases brought as far as a test needs them."""

from typing import Any

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Disposition
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
