"""Tasks: what whoever handles a case asks of another unit of the body by a day, until it answers; and calling it off.

The case stays with its handler, its date where it was. A need-to-know case asks nothing of anybody. What is asked of
another body is in `taking_part`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import get_units, list_units
from bekhedmetkom.identity.queries import get_organisation, list_case_handlers
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ...journal import Change, record
from ...queries.case.tasks import Task, list_bodies_to_ask, list_open_tasks
from ...queries.routing.conflict_of_interest import (
    find_body_without_conflict,
    get_concerned_officers,
    is_unit_in_conflict,
)
from ...rules.access import can_cancel_request, can_order_participation
from ...rules.case_state import CaseState, format_instant
from ...rules.states import EventType
from ...rules.transitions import NotPossibleNow
from ..deadlines import validate_future_date
from ..permission_check import require_permission
from ..text_validation import validate_text

_CONFIDENTIAL_CASE = BilingualText(
    "هذا طلب محفوظ السرية، ولا يُطلب فيه شيء من أحد غير من يعالجه.",
    "This case is need-to-know: nothing in it is asked of anybody but those who handle it.",
)
_UNIT_OF_ANOTHER_BODY = BilingualText(
    "هذا القسم ليس من أقسام الجهة.", "This unit does not belong to the body."
)
_UNIT_HAS_CASE = BilingualText("الطلب عند هذا القسم أصلًا.", "The case is already with this unit.")
_CONCERNED_UNIT = BilingualText(
    "الشكوى تخص هذا القسم أو من يعمل فيه.", "The case complains of this unit or of who works there."
)
_NOT_IN_UNIT = BilingualText("هذا الموظف ليس في القسم.", "This officer is not in the unit.")
_OFFICER_ON_LEAVE = BilingualText(
    "هذا الموظف في إجازة. اطلب من القسم.", "This officer is on leave: ask the unit."
)
_OFFICER_BARRED = BilingualText(
    "لا يرى هذا الموظف الطلب: الشكوى تخصه، أو تنحّى عنه.",
    "This officer does not see the case: it complains of them, or they stepped aside.",
)
_AFTER_CASE_DEADLINE = BilingualText(
    "اختر يومًا لا يتجاوز موعد الطلب.", "Choose a day no later than the case's own date."
)
_AFTER_PART_DEADLINE = BilingualText(
    "اختر يومًا لا يتجاوز موعد ما طُلب من جهتكم.", "Choose a day no later than your body's own part."
)
_NO_OPEN_TASK = BilingualText("لا مهمة في الطلب تنتظر جوابًا.", "No task of this case awaits an answer.")
_TASK_NOT_FOUND = BilingualText(
    "ليس في الطلب مهمة تنتظر جوابًا بهذا الرقم.", "No such task of this case awaits an answer."
)
_TASK_REQUIRED = BilingualText("في الطلب أكثر من مهمة. حدّد أيها.", "There are several tasks: say which.")
_TASK_OF_ANOTHER = BilingualText("هذه المهمة لغيرك.", "This task is another's.")
_PARTICIPATION_REQUIRED = BilingualText("اقبلوا المشاركة أولًا.", "Say first that your body takes part.")


def create_task(
    *, case: UUID, seen: int, actor: Actor, at: datetime, unit: int, text: str, until: datetime,
    officer: int | None = None,
) -> int:  # fmt: skip
    """Ask another unit of the body for something by a day inside the case's term, perhaps an officer there by name.

    A body that takes part in another's case asks its own units, inside the term of its part. The name says on whose
    list it stands and who is told; whoever sits in the unit can answer.
    """
    text = validate_text("text", text)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.TASK, standing)
        require_not_confidential(standing)
        today = get_local_date(at)
        body = next(
            (
                one
                for one in list_bodies_to_ask(actor, standing)
                if unit in {own.id for own in list_units(one, today)}
            ),
            None,
        )
        if body is None:
            raise InvalidInput(FieldError("unit", _UNIT_OF_ANOTHER_BODY))
        if unit == standing.unit_id:
            raise InvalidInput(FieldError("unit", _UNIT_HAS_CASE))
        if is_unit_in_conflict(unit, standing, at):
            raise InvalidInput(FieldError("unit", _CONCERNED_UNIT))
        if officer is not None:
            _validate_task_officer(officer, unit, standing, at)
        validate_task_date(standing.due_at, until, at)
        if body != standing.entity_id:
            _validate_part_date(case, standing, body, until)
        data = {"asked_unit": unit, "until": format_instant(until), "by": actor.officer_id}
        data |= {} if officer is None else {"asked_officer": officer}
        return Change(EventType.TASK_ASKED, data, {"instruction": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def answer_task(
    *, case: UUID, seen: int, actor: Actor, at: datetime, text: str, of: int | None = None
) -> int:
    """Answer what was asked: whoever handles the case reads it, the citizen does not. `of`: the task's event."""
    text = validate_text("text", text)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.CONTRIBUTE, standing)
        waiting = get_pending_tasks(case, standing)
        mine = select_task(of, waiting, [one for one in waiting if one.answered_by(actor)])
        if not mine.agreed:
            raise NotPossibleNow(standing.state, _PARTICIPATION_REQUIRED)
        return Change(EventType.TASK_DONE, build_ended_tasks_data(actor, mine), {"report": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def cancel_task(
    *, case: UUID, seen: int, actor: Actor, at: datetime, reason: str, of: int | None = None
) -> int:
    """What was asked is not needed any more. A unit or body of which nothing else was asked sees the case no more.

    What the Prime Ministry unit is asked, it answers so where the body need not take part; nobody else does.
    """
    reason = validate_text("reason", reason)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.TASK, standing)
        waiting = get_pending_tasks(case, standing)
        theirs = [one for one in waiting if can_cancel_request(actor, standing, by=one.by, unit=one.unit)]
        off = select_task(of, waiting, theirs)
        decided = off.wanted is not None and can_order_participation(actor)
        happened = EventType.JOIN_RETURNED if decided else EventType.TASK_CALLED_OFF
        return Change(
            happened,
            build_ended_tasks_data(actor, off) | build_revoked_access_data(off, waiting),
            {"cause": reason},
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def _validate_task_officer(officer: int, unit: int, standing: CaseState, at: datetime) -> None:
    """`Invalid` but for somebody who sits in the unit, is there today and may see the case."""
    if (officer, unit) not in list_case_handlers([unit], at):
        raise InvalidInput(FieldError("officer", _NOT_IN_UNIT))
    if officer in get_organisation(at).get_absent_officers():
        raise InvalidInput(FieldError("officer", _OFFICER_ON_LEAVE))
    if officer in get_concerned_officers(standing, at) or officer in standing.recused:
        raise InvalidInput(FieldError("officer", _OFFICER_BARRED))


def require_not_confidential(standing: CaseState) -> None:
    """`NotPossibleNow` for a need-to-know case."""
    if standing.care is not Handling.OPEN:
        raise NotPossibleNow(standing.state, _CONFIDENTIAL_CASE)


def validate_task_date(latest: datetime, until: datetime, at: datetime) -> None:
    """`Invalid` but for a day to come; inside the term, as long as that runs."""
    validate_future_date(until, at)
    if at <= latest < until:
        raise InvalidInput(FieldError("until", _AFTER_CASE_DEADLINE))


def _validate_part_date(case: UUID, standing: CaseState, body: int, until: datetime) -> None:
    part = next(
        (one for one in list_open_tasks(case, standing.tasks) if one.unit is None and one.entity == body),
        None,
    )
    if part is None or not part.agreed:
        raise NotPossibleNow(standing.state, _PARTICIPATION_REQUIRED)
    if until > part.until:
        raise InvalidInput(FieldError("until", _AFTER_PART_DEADLINE))


def get_pending_tasks(case: UUID, standing: CaseState) -> list[Task]:
    """The tasks that wait; `NotPossibleNow` where none does."""
    if not standing.tasks:
        raise NotPossibleNow(standing.state, _NO_OPEN_TASK)
    return list_open_tasks(case, standing.tasks)


def select_task(of: int | None, waiting: list[Task], theirs: list[Task]) -> Task:
    """The one that is meant: the only one of theirs, where they did not say which."""
    if of is not None and of not in {one.seq for one in waiting}:
        raise InvalidInput(FieldError("of", _TASK_NOT_FOUND))
    if not theirs:
        raise NotAllowed(_TASK_OF_ANOTHER)
    if of is None and len(theirs) > 1:
        raise InvalidInput(FieldError("of", _TASK_REQUIRED))
    found = next((one for one in theirs if of in (None, one.seq)), None)
    if found is None:
        raise InvalidInput(FieldError("of", _TASK_OF_ANOTHER))
    return found


def build_ended_tasks_data(actor: Actor, *over: Task) -> dict[str, Any]:
    """What an event keeps of the tasks that are over by it; its sentence names the first."""
    first = over[0]
    asked = {"asked_body": first.entity} if first.unit is None else {"asked_unit": first.unit}
    return asked | {
        "of": first.seq, "ended": [one.seq for one in over], "ends": [format_instant(one.until) for one in over],
        "by": actor.officer_id,
    }  # fmt: skip


def build_conflict_data(case: UUID, standing: CaseState, at: datetime) -> dict[str, Any]:
    """What an event keeps where tasks lie with whom the case complains of: these are over, and who was asked sees it
    no more. Empty where none does.
    """
    units_ = {unit for unit in standing.units_asked if is_unit_in_conflict(unit, standing, at)}
    bodies = {
        body
        for body in standing.bodies_asked
        if find_body_without_conflict(body, standing, standing.care, at) != body
    }
    people = get_concerned_officers(standing, at)
    over = [
        one
        for one in (list_open_tasks(case, standing.tasks) if standing.tasks and people else ())
        if one.entity in bodies or one.unit in units_ or one.officer in people
    ]
    units_ |= {unit for unit in standing.units_asked if get_units()[unit].entity in bodies}
    kept = {
        "ended": [one.seq for one in over], "ends": [format_instant(one.until) for one in over],
        "shut_units": sorted(units_), "shut_bodies": sorted(bodies),
    }  # fmt: skip
    return {name: value for name, value in kept.items() if value}


def build_revoked_access_data(off: Task, waiting: list[Task]) -> dict[str, Any]:
    """Who sees the case no more, once this is over: a body goes with its units."""
    others = [one for one in waiting if one != off]
    if off.unit is not None:
        return {} if any(one.unit == off.unit for one in others) else {"shut_units": [off.unit]}
    if any(one.unit is None and one.entity == off.entity for one in others):
        return {}
    within = [one for one in others if one.entity == off.entity]
    return {
        "shut_bodies": [off.entity],
        "shut_units": sorted(unit.id for unit in get_units().values() if unit.entity == off.entity),
        "ended": [one.seq for one in (off, *within)],
        "ends": [format_instant(one.until) for one in (off, *within)],
    }
