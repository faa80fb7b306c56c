"""What people say of a problem: that it is one, whose, and by when it is mended; or that it is none.

Each is a step in its history. What everybody reads names nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from bekhedmetkom.cases.commands.text_validation import check_corruption_gate, validate_text
from bekhedmetkom.cases.rules.access import has_entity_permission
from bekhedmetkom.cases.rules.publication import contains_personal_data
from bekhedmetkom.entities.queries import get_tree, get_units
from bekhedmetkom.identity.queries import list_colleagues
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed, Refusal
from bekhedmetkom.kernel.text import BilingualText

from ..models import Problem, ProblemStep, SimilarCase
from ..rules.statuses import ProblemAction, ProblemStatus
from .case_links import LinkResult, link_cases

MAX_NAME_LENGTH, MAX_NOTE_LENGTH = 120, 600
MAX_FIX_PERIOD = timedelta(days=366)

_PERSONAL_DATA = BilingualText(
    "احذف الأسماء وأرقام الهواتف والهويات وعناوين البريد: سيقرؤه كل الناس.",
    "Leave out names, telephone and identity numbers and e-mail addresses: everybody will read this.",
)
_INVALID_DATE = BilingualText(
    "اختر يومًا لم يأتِ بعد، خلال سنة.", "Choose a day that is still to come, within a year."
)
_SAME_DATE = BilingualText("هذا هو الموعد الحالي.", "That is the date it has.")
_NOT_OF_BODY = BilingualText("ليس من هذه الجهة.", "Not of that body.")
_WRONG_STATUS = BilingualText(
    "لا يمكن ذلك في حالة المشكلة الآن.", "The problem is not in a state in which this can be done."
)


class ProblemNotFound(Refusal):
    message = BilingualText("لا توجد مشكلة بهذا الرقم.", "There is no such problem.")


class ProblemChanged(Refusal):
    """Somebody decided since the form was drawn."""

    message = BilingualText(
        "تغيّرت المشكلة منذ فتحتها. راجع ما استجد ثم أعد المحاولة.",
        "The problem has changed since you opened it. See what is new, then try again.",
    )


@dataclass(frozen=True, slots=True)
class ProblemDescription:
    """What is said of a problem: its name and note for everybody, and whose it is."""

    name_ar: str
    name_en: str
    note_ar: str
    note_en: str
    entity: int
    unit: int | None = None
    officer: int | None = None


def confirm_problem(
    *,
    problem: int,
    seen: int,
    actor: Actor,
    at: datetime,
    said: ProblemDescription,
    fix_on: date,
    cases: Sequence[UUID] = (),
) -> list[LinkResult]:
    """It is one problem: from now on everybody reads of it. Links these cases; how that went with each."""
    columns = _validate_description(said, at)
    _validate_fix_date(fix_on, at)
    with transaction.atomic():
        row = _lock_problem(problem, seen, actor, ProblemStatus.FOUND)
        _require_permission(actor, said.entity)
        _record_step(row, ProblemAction.CONFIRMED, actor, at, fix_on=fix_on)
        _save_problem(row, **columns, status=str(ProblemStatus.CONFIRMED), confirmed_at=at, fix_on=fix_on)
    return link_cases(problem=problem, cases=cases, actor=actor, at=at)


def dismiss_problem(*, problem: int, seen: int, actor: Actor, at: datetime, reason: str) -> None:
    """It is none. Cases like these raise no new one for a while."""
    reason = validate_text("reason", reason, limit=MAX_NOTE_LENGTH)
    with transaction.atomic():
        row = _lock_problem(problem, seen, actor, ProblemStatus.FOUND)
        _record_step(row, ProblemAction.DISMISSED, actor, at, reason_ar=reason)
        _save_problem(row, status=str(ProblemStatus.DISMISSED), ended_at=at)


def edit_problem(*, problem: int, seen: int, actor: Actor, at: datetime, said: ProblemDescription) -> None:
    """Say it in other words, or give it to another owner."""
    columns = _validate_description(said, at)
    with transaction.atomic():
        row = _lock_problem(problem, seen, actor, ProblemStatus.CONFIRMED)
        _require_permission(actor, said.entity)
        _record_step(row, ProblemAction.EDITED, actor, at)
        _save_problem(row, **columns)


def move_fix_date(
    *, problem: int, seen: int, actor: Actor, at: datetime, fix_on: date, reason_ar: str, reason_en: str
) -> None:
    """Another date, with a reason that everybody reads."""
    reason = {
        "reason_ar": _validate_public_text("reason_ar", reason_ar, MAX_NOTE_LENGTH),
        "reason_en": _validate_public_text("reason_en", reason_en, MAX_NOTE_LENGTH),
    }
    _validate_fix_date(fix_on, at)
    with transaction.atomic():
        row = _lock_problem(problem, seen, actor, ProblemStatus.CONFIRMED)
        if fix_on == row.fix_on:
            raise InvalidInput(FieldError("fix_on", _SAME_DATE))
        _record_step(
            row, ProblemAction.FIX_DATE_MOVED, actor, at, previous_fix_on=row.fix_on, fix_on=fix_on, **reason
        )
        _save_problem(row, fix_on=fix_on)


def mark_problem_fixed(*, problem: int, seen: int, actor: Actor, at: datetime) -> None:
    """It is mended. Its cases are answered each by its own answer, before or after."""
    with transaction.atomic():
        row = _lock_problem(problem, seen, actor, ProblemStatus.CONFIRMED)
        _record_step(row, ProblemAction.FIXED, actor, at)
        _save_problem(row, status=str(ProblemStatus.FIXED), ended_at=at)


def reject_similar_cases(*, problem: int, actor: Actor, cases: Sequence[UUID]) -> int:
    """These are not of it, however alike; they are not proposed again. How many that were."""
    row = Problem.objects.filter(pk=problem).first()
    if row is None:
        raise ProblemNotFound
    _require_permission(actor, row.entity_id)
    return SimilarCase.objects.filter(problem=row, case__in=cases, is_rejected=False).update(is_rejected=True)


def _lock_problem(problem: int, seen: int, actor: Actor, status: ProblemStatus) -> Problem:
    """The problem under its lock, as whoever decides saw it."""
    row = Problem.objects.select_for_update().filter(pk=problem).first()
    if row is None:
        raise ProblemNotFound
    _require_permission(actor, row.entity_id)
    if row.version != seen:
        raise ProblemChanged
    if row.status != status:
        raise Refusal(_WRONG_STATUS)
    return row


def _require_permission(actor: Actor, entity: int) -> None:
    if not has_entity_permission(actor, Permission.LINK, entity):
        raise NotAllowed


def _record_step(row: Problem, did: ProblemAction, actor: Actor, at: datetime, **said: Any) -> None:
    ProblemStep.objects.create(problem=row, action=str(did), at=at, actor=str(actor), **said)


def _save_problem(row: Problem, **columns: Any) -> None:
    columns["version"] = row.version + 1
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))


def _validate_description(said: ProblemDescription, at: datetime) -> dict[str, Any]:
    """What is said, ready to keep."""
    if said.entity not in get_tree():
        raise InvalidInput(FieldError("entity", _NOT_OF_BODY))
    unit = get_units().get(said.unit or 0)
    if said.unit and (unit is None or unit.entity != said.entity):
        raise InvalidInput(FieldError("unit", _NOT_OF_BODY))
    if said.officer and said.officer not in {who.id for who in list_colleagues(said.entity, at)}:
        raise InvalidInput(FieldError("officer", _NOT_OF_BODY))
    return {
        "name_ar": _validate_public_text("name_ar", said.name_ar, MAX_NAME_LENGTH),
        "name_en": _validate_public_text("name_en", said.name_en, MAX_NAME_LENGTH),
        "note_ar": _validate_public_text("note_ar", said.note_ar, MAX_NOTE_LENGTH),
        "note_en": _validate_public_text("note_en", said.note_en, MAX_NOTE_LENGTH),
        "entity_id": said.entity, "unit_id": said.unit, "officer_id": said.officer,
    }  # fmt: skip


def _validate_public_text(field: str, text: str, limit: int) -> str:
    """Words for everybody: they name nobody."""
    clean = check_corruption_gate(validate_text(field, text, limit=limit), declined=False)
    if contains_personal_data(clean):
        raise InvalidInput(FieldError(field, _PERSONAL_DATA))
    return clean


def _validate_fix_date(day: date, at: datetime) -> None:
    if not get_local_date(at) <= day <= get_local_date(at) + MAX_FIX_PERIOD:
        raise InvalidInput(FieldError("fix_on", _INVALID_DATE))
