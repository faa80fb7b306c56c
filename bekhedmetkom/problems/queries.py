"""Problems as those see them who decide, who brought a case, who watch over bodies, and everybody."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q

from bekhedmetkom.entities.queries import tree
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.words import Words

from .models import Problem
from .rules.states import Status

SHOWN_AFTER = timedelta(days=30)  # so long everybody reads of what was fixed
_LISTED = 100
EVIDENCE = 200  # cases of one problem on its page: the newest
RISING = timedelta(hours=24)


class Standing(NamedTuple):
    """A problem in a line: `cases` are those that say the same, `lately` those of the last day; `reported` its people.

    `name` is empty as long as nobody has said that it is one.
    """

    id: int
    status: Status
    name: Words
    entity: int
    governorate: int | None
    found_at: datetime
    cases: int
    lately: int
    reported: int
    fix_on: date | None
    late: bool


class Named(NamedTuple):
    id: int
    name: Words


def standing(
    bodies: Collection[int] | None, at: datetime, *, governorate: int | None = None, most: int = 10
) -> list[Standing]:
    """Problems that are confirmed or rise, of these bodies (`None`: of all): the most cases of the last day first.

    One query. For who may know of them: nobody else reads of what is not confirmed.
    """
    rows = Problem.objects.filter(status__in=[str(Status.FOUND), str(Status.CONFIRMED)])
    if bodies is not None:
        rows = rows.filter(entity__in=bodies)
    if governorate is not None:
        rows = rows.filter(governorate=governorate)
    theirs = Q(alike__refused=False)
    lately = theirs & Q(alike__at__gt=at - RISING)
    counted = rows.annotate(
        cases=Count("alike", filter=theirs), lately=Count("alike", filter=lately)
    ).order_by("-lately", "-reported", "-found_at")[:most]
    return [_standing(row, at) for row in counted]


def confirmed_near(entity: int, governorate: int | None) -> list[Named]:
    """Confirmed problems of a body, of those above and below it, or of a governorate: the newest first."""
    theirs = {entity, *tree()[entity].ancestors, *tree().below[entity]}
    near = Q(entity__in=theirs) | (Q(governorate=governorate) if governorate else Q(pk__in=[]))
    rows = Problem.objects.filter(near, status=str(Status.CONFIRMED)).order_by("-confirmed_at")[:_LISTED]
    return [Named(row.pk, row.name) for row in rows]


def _standing(row: Any, at: datetime) -> Standing:
    late = row.fix_on is not None and row.fix_on < local_day(at) and row.status == Status.CONFIRMED
    return Standing(
        row.pk, Status(row.status), row.name, row.entity_id, row.governorate_id, row.found_at, row.cases, row.lately,
        row.reported, row.fix_on, late,
    )  # fmt: skip
