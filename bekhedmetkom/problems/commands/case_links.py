"""Cases linked to a problem, one or many; each has its own event, and each says for itself why it cannot be."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, connection

from bekhedmetkom.cases import commands
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, Refusal
from bekhedmetkom.kernel.text import BilingualText

from ..models import Problem, SimilarCase
from ..rules.statuses import ProblemStatus

_NOT_CONFIRMED = BilingualText("اختر مشكلة مؤكدة.", "Choose a problem that has been confirmed.")
_CASE_LOCKED = BilingualText("الطلب مشغول الآن. أعد المحاولة.", "The case is busy just now. Try again.")


@dataclass(frozen=True, slots=True)
class LinkResult:
    """How it went with one case; `why` says why it is not linked."""

    case: UUID
    refusal: BilingualText | None = None


def link_case(*, case: UUID, seen: int | None, actor: Actor, at: datetime, problem: int | None) -> int:
    """Link a case to a confirmed problem, of whichever body; `None`: to none any more. The new sequence number."""
    if (
        problem is not None
        and not Problem.objects.filter(pk=problem, status=str(ProblemStatus.CONFIRMED)).exists()
    ):
        raise InvalidInput(FieldError("problem", _NOT_CONFIRMED))
    seq = commands.link_case_to_problem(case=case, seen=seen, actor=actor, at=at, problem=problem)
    if problem is None:
        SimilarCase.objects.filter(case=case).update(is_rejected=True)  # and it is not proposed again
    return seq


def link_cases(*, problem: int | None, cases: Sequence[UUID], actor: Actor, at: datetime) -> list[LinkResult]:
    """The same for each of these cases: what cannot be done to one holds up no other."""
    return [_try_link(problem, case, actor, at) for case in cases]


def _try_link(problem: int | None, case: UUID, actor: Actor, at: datetime) -> LinkResult:
    try:
        link_case(case=case, seen=None, actor=actor, at=at, problem=problem)
    except Refusal as refusal:
        return LinkResult(case, refusal.message)
    except OperationalError:  # somebody else holds it for longer than may be waited
        return LinkResult(case, _CASE_LOCKED)
    return LinkResult(case)


def update_people_counts(problems: Collection[int]) -> None:
    """Count anew, for these problems."""
    with connection.cursor() as cursor:
        cursor.execute(UPDATE_PEOPLE_COUNTS, [sorted(problems)])


# Whoever left no telephone or address counts as somebody else in each case.
UPDATE_PEOPLE_COUNTS = """
UPDATE problems_problem SET people_count = counted.people
FROM (SELECT p.id, count(DISTINCT coalesce(nullif(w.phone, ''), nullif(lower(w.email), ''), c.id::text)) AS people
      FROM problems_problem p
          LEFT JOIN "case" c ON c.problem_id = p.id AND c.state NOT IN ('withdrawn', 'merged')
          LEFT JOIN case_particulars w ON w.case_id = c.id
      WHERE p.id = ANY (%s) GROUP BY p.id) counted
WHERE counted.id = problems_problem.id AND people_count <> counted.people
"""
