"""What people say of a problem: that it is one, whose, and by when it is mended; or that it is none.

Each is a step in its history. What everybody reads names nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from bekhedmetkom.cases.commands.wording import gated, worded
from bekhedmetkom.cases.rules.access import may_at
from bekhedmetkom.cases.rules.publicity import names_somebody
from bekhedmetkom.entities.queries import get_tree, get_units
from bekhedmetkom.identity.queries import list_colleagues
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed, Refusal
from bekhedmetkom.kernel.text import BilingualText

from ..models import Alike, Problem, Step
from ..rules.states import Did, Status
from .linking import Linked, link_many

NAME_LIMIT, NOTE_LIMIT = 120, 600
LONGEST = timedelta(days=366)

_NAMES = BilingualText(
    "احذف الأسماء وأرقام الهواتف والهويات وعناوين البريد: سيقرؤه كل الناس.",
    "Leave out names, telephone and identity numbers and e-mail addresses: everybody will read this.",
)
_PAST = BilingualText("اختر يومًا لم يأتِ بعد، خلال سنة.", "Choose a day that is still to come, within a year.")
_SAME_DAY = BilingualText("هذا هو الموعد الحالي.", "That is the date it has.")
_NOT_THEIRS = BilingualText("ليس من هذه الجهة.", "Not of that body.")
_NOT_NOW = BilingualText(
    "لا يمكن ذلك في حالة المشكلة الآن.", "The problem is not in a state in which this can be done."
)


class NoSuchProblem(Refusal):
    words = BilingualText("لا توجد مشكلة بهذا الرقم.", "There is no such problem.")


class Moved(Refusal):
    """Somebody decided since the form was drawn."""

    words = BilingualText(
        "تغيّرت المشكلة منذ فتحتها. راجع ما استجد ثم أعد المحاولة.",
        "The problem has changed since you opened it. See what is new, then try again.",
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a problem: its name and note for everybody, and whose it is."""

    name_ar: str
    name_en: str
    note_ar: str
    note_en: str
    entity: int
    unit: int | None = None
    officer: int | None = None


def confirm(
    *, problem: int, seen: int, actor: Actor, at: datetime, said: Said, fix_on: date, cases: Sequence[UUID] = ()
) -> list[Linked]:  # fmt: skip
    """It is one problem: from now on everybody reads of it. Links these cases; how that went with each."""
    columns = _cleaned(said, at)
    _in_time(fix_on, at)
    with transaction.atomic():
        row = _mine(problem, seen, actor, Status.FOUND)
        _may(actor, said.entity)
        _step(row, Did.CONFIRMED, actor, at, until=fix_on)
        _save(row, **columns, status=str(Status.CONFIRMED), confirmed_at=at, fix_on=fix_on)
    return link_many(problem=problem, cases=cases, actor=actor, at=at)


def dismiss(*, problem: int, seen: int, actor: Actor, at: datetime, reason: str) -> None:
    """It is none. Cases like these raise no new one for a while."""
    reason = worded("reason", reason, limit=NOTE_LIMIT)
    with transaction.atomic():
        row = _mine(problem, seen, actor, Status.FOUND)
        _step(row, Did.DISMISSED, actor, at, reason_ar=reason)
        _save(row, status=str(Status.DISMISSED), ended_at=at)


def reword(*, problem: int, seen: int, actor: Actor, at: datetime, said: Said) -> None:
    """Say it in other words, or give it to another owner."""
    columns = _cleaned(said, at)
    with transaction.atomic():
        row = _mine(problem, seen, actor, Status.CONFIRMED)
        _may(actor, said.entity)
        _step(row, Did.REWORDED, actor, at)
        _save(row, **columns)


def move(
    *, problem: int, seen: int, actor: Actor, at: datetime, fix_on: date, reason_ar: str, reason_en: str
) -> None:
    """Another date, with a reason that everybody reads."""
    reason = {
        "reason_ar": _public("reason_ar", reason_ar, NOTE_LIMIT),
        "reason_en": _public("reason_en", reason_en, NOTE_LIMIT),
    }
    _in_time(fix_on, at)
    with transaction.atomic():
        row = _mine(problem, seen, actor, Status.CONFIRMED)
        if fix_on == row.fix_on:
            raise InvalidInput(FieldError("fix_on", _SAME_DAY))
        _step(row, Did.MOVED, actor, at, was=row.fix_on, until=fix_on, **reason)
        _save(row, fix_on=fix_on)


def fixed(*, problem: int, seen: int, actor: Actor, at: datetime) -> None:
    """It is mended. Its cases are answered each by its own answer, before or after."""
    with transaction.atomic():
        row = _mine(problem, seen, actor, Status.CONFIRMED)
        _step(row, Did.FIXED, actor, at)
        _save(row, status=str(Status.FIXED), ended_at=at)


def refuse(*, problem: int, actor: Actor, cases: Sequence[UUID]) -> int:
    """These are not of it, however alike; they are not proposed again. How many that were."""
    row = Problem.objects.filter(pk=problem).first()
    if row is None:
        raise NoSuchProblem
    _may(actor, row.entity_id)
    return Alike.objects.filter(problem=row, case__in=cases, refused=False).update(refused=True)


def _mine(problem: int, seen: int, actor: Actor, status: Status) -> Problem:
    """The problem under its lock, as whoever decides saw it."""
    row = Problem.objects.select_for_update().filter(pk=problem).first()
    if row is None:
        raise NoSuchProblem
    _may(actor, row.entity_id)
    if row.steps_taken != seen:
        raise Moved
    if row.status != status:
        raise Refusal(_NOT_NOW)
    return row


def _may(actor: Actor, entity: int) -> None:
    if not may_at(actor, Permission.LINK, entity):
        raise NotAllowed


def _step(row: Problem, did: Did, actor: Actor, at: datetime, **said: Any) -> None:
    Step.objects.create(problem=row, did=str(did), at=at, actor=str(actor), **said)


def _save(row: Problem, **columns: Any) -> None:
    columns["steps_taken"] = row.steps_taken + 1
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))


def _cleaned(said: Said, at: datetime) -> dict[str, Any]:
    """What is said, ready to keep."""
    if said.entity not in get_tree():
        raise InvalidInput(FieldError("entity", _NOT_THEIRS))
    unit = get_units().get(said.unit or 0)
    if said.unit and (unit is None or unit.entity != said.entity):
        raise InvalidInput(FieldError("unit", _NOT_THEIRS))
    if said.officer and said.officer not in {who.id for who in list_colleagues(said.entity, at)}:
        raise InvalidInput(FieldError("officer", _NOT_THEIRS))
    return {
        "name_ar": _public("name_ar", said.name_ar, NAME_LIMIT),
        "name_en": _public("name_en", said.name_en, NAME_LIMIT),
        "note_ar": _public("note_ar", said.note_ar, NOTE_LIMIT),
        "note_en": _public("note_en", said.note_en, NOTE_LIMIT),
        "entity_id": said.entity, "unit_id": said.unit, "officer_id": said.officer,
    }  # fmt: skip


def _public(field: str, text: str, limit: int) -> str:
    """Words for everybody: they name nobody."""
    clean = gated(worded(field, text, limit=limit), declined=False)
    if names_somebody(clean):
        raise InvalidInput(FieldError(field, _NAMES))
    return clean


def _in_time(day: date, at: datetime) -> None:
    if not get_local_date(at) <= day <= get_local_date(at) + LONGEST:
        raise InvalidInput(FieldError("fix_on", _PAST))
