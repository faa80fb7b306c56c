"""Tasks: what whoever handles a case asks of another unit of the body by a day, until it answers.

The case stays with its handler, its date where it was. A need-to-know case asks nothing of anybody.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import units_of
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.errors import FieldError, Invalid, NotAllowed
from bekhedmetkom.kernel.words import Words

from ..journal import Act, record
from ..queries.clear import units_own
from ..queries.tasks import Task, open_tasks
from ..rules.access import answers, may_call_off
from ..rules.standing import Standing, instant
from ..rules.states import Happened, NotPossibleNow
from .follow_up import to_come
from .permitted import allowed
from .wording import worded

_CARE = Words(
    "هذا طلب محفوظ السرية، ولا يُطلب فيه شيء من قسم آخر.",
    "This case is need-to-know: nothing in it is asked of another unit.",
)
_NOT_A_UNIT = Words("هذا القسم ليس من أقسام الجهة.", "This unit does not belong to the body.")
_ITS_OWN = Words("الطلب عند هذا القسم أصلًا.", "The case is already with this unit.")
_CONCERNED = Words(
    "الشكوى تخص هذا القسم أو من يعمل فيه.", "The case complains of this unit or of who works there."
)
_IN_TERM = Words("اختر يومًا لا يتجاوز موعد الطلب.", "Choose a day no later than the case's own date.")
_NONE_OPEN = Words("لا مهمة في الطلب تنتظر جوابًا.", "No task of this case awaits an answer.")
_NO_SUCH = Words("ليس في الطلب مهمة تنتظر جوابًا بهذا الرقم.", "No such task of this case awaits an answer.")
_WHICH = Words("في الطلب أكثر من مهمة. حدّد أيها.", "There are several tasks: say which.")
_NOT_YOURS = Words("هذه المهمة لغيرك.", "This task is another's.")


def task(*, case: UUID, seen: int, actor: Actor, at: datetime, unit: int, text: str, until: datetime) -> int:
    """Ask another unit of the body for something by a day inside the case's term."""
    text = worded("text", text)

    def decide(standing: Standing) -> Act:
        allowed(actor, Permission.TASK, standing)
        if standing.care is not Handling.OPEN:
            raise NotPossibleNow(standing.state, _CARE)
        if unit not in {own.id for own in units_of(standing.entity_id, local_day(at))}:
            raise Invalid(FieldError("unit", _NOT_A_UNIT))
        if unit == standing.unit_id:
            raise Invalid(FieldError("unit", _ITS_OWN))
        if units_own(unit, standing, at):
            raise Invalid(FieldError("unit", _CONCERNED))
        _inside(standing.due_at, until, at)
        data = {"asked_unit": unit, "until": instant(until), "by": actor.officer_id}
        return Act(Happened.TASK_ASKED, data, {"instruction": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def contribute(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, of: int | None = None) -> int:
    """Answer what was asked: whoever handles the case reads it, the citizen does not. `of`: the task's event."""
    text = worded("text", text)

    def decide(standing: Standing) -> Act:
        allowed(actor, Permission.CONTRIBUTE, standing)
        waiting = _waiting(case, standing)
        mine = [one for one in waiting if answers(actor, entity=one.entity, unit=one.unit)]
        chosen = _chosen(of, waiting, mine)
        return Act(Happened.TASK_DONE, _ended(actor, chosen), {"report": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def call_off(*, case: UUID, seen: int, actor: Actor, at: datetime, reason: str, of: int | None = None) -> int:
    """What was asked is not needed any more. A unit of which nothing else was asked no longer sees the case."""
    reason = worded("reason", reason)

    def decide(standing: Standing) -> Act:
        allowed(actor, Permission.TASK, standing)
        waiting = _waiting(case, standing)
        chosen = _chosen(of, waiting, [one for one in waiting if may_call_off(actor, standing, by=one.by)])
        last = not any(one.unit == chosen.unit for one in waiting if one != chosen)
        shut = {"shut_units": [chosen.unit]} if last and chosen.unit else {}
        return Act(Happened.TASK_CALLED_OFF, _ended(actor, chosen) | shut, {"cause": reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def _inside(latest: datetime, until: datetime, at: datetime) -> None:
    """A day to come; inside the term as long as that runs."""
    to_come(until, at)
    if at <= latest < until:
        raise Invalid(FieldError("until", _IN_TERM))


def _waiting(case: UUID, standing: Standing) -> list[Task]:
    if not standing.tasks:
        raise NotPossibleNow(standing.state, _NONE_OPEN)
    return open_tasks(case, standing.tasks)


def _chosen(of: int | None, waiting: list[Task], mine: list[Task]) -> Task:
    """The one that is meant: the only one of theirs, where they did not say which."""
    if of is not None and of not in {one.seq for one in waiting}:
        raise Invalid(FieldError("of", _NO_SUCH))
    if not mine:
        raise NotAllowed(_NOT_YOURS)
    if of is None and len(mine) > 1:
        raise Invalid(FieldError("of", _WHICH))
    chosen = next((one for one in mine if of in (None, one.seq)), None)
    if chosen is None:
        raise Invalid(FieldError("of", _NOT_YOURS))
    return chosen


def _ended(actor: Actor, one: Task) -> dict[str, Any]:
    asked = {"asked_unit": one.unit} if one.unit else {"asked_body": one.entity}
    return {"of": one.seq, "ended": [one.seq], "ends": [instant(one.until)], "by": actor.officer_id} | asked
