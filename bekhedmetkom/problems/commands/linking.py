"""Cases linked to a problem, one or many; each has its own event, and each says for itself why it cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import OperationalError

from bekhedmetkom.cases import commands
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, Refusal
from bekhedmetkom.kernel.text import BilingualText

from ..models import Alike, Problem
from ..rules.states import Status

_NO_SUCH = BilingualText("اختر مشكلة مؤكدة.", "Choose a problem that has been confirmed.")
_BUSY = BilingualText("الطلب مشغول الآن. أعد المحاولة.", "The case is busy just now. Try again.")


@dataclass(frozen=True, slots=True)
class Linked:
    """How it went with one case; `why` says why it is not linked."""

    case: UUID
    why: BilingualText | None = None


def link(*, case: UUID, seen: int | None, actor: Actor, at: datetime, problem: int | None) -> int:
    """Link a case to a confirmed problem, of whichever body; `None`: to none any more. The new sequence number."""
    if problem is not None and not Problem.objects.filter(pk=problem, status=str(Status.CONFIRMED)).exists():
        raise InvalidInput(FieldError("problem", _NO_SUCH))
    seq = commands.link(case=case, seen=seen, actor=actor, at=at, problem=problem)
    if problem is None:
        Alike.objects.filter(case=case).update(refused=True)  # and it is not proposed again
    return seq


def link_many(*, problem: int | None, cases: Sequence[UUID], actor: Actor, at: datetime) -> list[Linked]:
    """The same for each of these cases: what cannot be done to one holds up no other."""
    return [_linked(problem, case, actor, at) for case in cases]


def _linked(problem: int | None, case: UUID, actor: Actor, at: datetime) -> Linked:
    try:
        link(case=case, seen=None, actor=actor, at=at, problem=problem)
    except Refusal as refusal:
        return Linked(case, refusal.words)
    except OperationalError:  # somebody else holds it for longer than may be waited
        return Linked(case, _BUSY)
    return Linked(case)
