"""Problems as those see them who decide, who brought a case, who watch over bodies, and everybody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries.rows import Row, as_rows, lines_of
from bekhedmetkom.cases.queries.visible import visible
from bekhedmetkom.cases.queries.worded import worded
from bekhedmetkom.cases.rules.access import may_at
from bekhedmetkom.entities.queries import GovernorateRecord, get_governorates, get_tree, get_units
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity.queries import get_officer_names, get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor, ActorKind
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.formatting import format_date, format_in_both_languages
from bekhedmetkom.kernel.text import BilingualText

from .models import Alike, Problem, Step
from .rules.states import FEW, STEP_WORDS, Did, Status, people

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
    name: BilingualText
    entity: int
    governorate: int | None
    body: BilingualText
    place: BilingualText | None
    found_at: datetime
    cases: int
    lately: int
    reported: int
    fix_on: date | None
    late: bool


class Happening(NamedTuple):
    """A step in its history; `by` is empty for everybody's eyes, and where the platform did it."""

    did: Did
    at: datetime
    words: BilingualText
    reason: BilingualText
    by: BilingualText | None


@dataclass(frozen=True, slots=True)
class DeskProblem:
    """A problem as those see it who decide. `came` cases in `hours`, where `usual` are usual, is why it was found.

    `proposed`: cases that say the same and are linked to none, each with its likeness in hundredths.
    """

    standing: Standing
    seen: int
    note: BilingualText
    body: Body
    unit_id: int | None
    unit: BilingualText | None
    officer_id: int | None
    officer: BilingualText | None
    place: GovernorateRecord | None
    came: int
    hours: int
    usual: float
    linked: list[Row]
    proposed: list[tuple[Row, int]]
    history: list[Happening]


@dataclass(frozen=True, slots=True)
class PublicProblem:
    """What everybody reads of a problem: no case and nobody."""

    id: int
    status: Status
    name: BilingualText
    note: BilingualText
    reported: BilingualText
    body: Body
    unit: BilingualText | None
    place: GovernorateRecord | None
    since: datetime
    fix_on: date | None
    fixed_at: datetime | None
    history: list[Happening]


class Named(NamedTuple):
    id: int
    name: BilingualText


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
    counted = _counted(rows, at).order_by("-lately", "-reported", "-found_at")[:most]
    return [_standing(row, at) for row in counted]


def confirmed_near(entity: int, governorate: int | None) -> list[Named]:
    """Confirmed problems of a body, of those above and below it, or of a governorate: the newest first."""
    theirs = {entity, *get_tree()[entity].ancestors, *get_tree().below[entity]}
    near = Q(entity__in=theirs) | (Q(governorate=governorate) if governorate else Q(pk__in=[]))
    rows = Problem.objects.filter(near, status=str(Status.CONFIRMED)).order_by("-confirmed_at")[:_LISTED]
    return [Named(row.pk, row.name) for row in rows]


def desk_problems(viewer: Actor, at: datetime) -> list[Standing]:
    """Those of the bodies for which the viewer decides: to be decided, being fixed, and lately ended; one query."""
    bodies = get_reachable_bodies(viewer, Permission.LINK)
    ended = Q(status__in=[str(Status.DISMISSED), str(Status.FIXED)])
    rows = Problem.objects.filter(~ended | Q(ended_at__gt=at - SHOWN_AFTER))
    if bodies is not None:
        rows = rows.filter(entity__in=bodies)
    return [_standing(row, at) for row in _counted(rows, at).order_by("-lately", "-found_at")[:_LISTED]]


def desk_problem(viewer: Actor, number: int, at: datetime) -> DeskProblem | None:
    """One of them, with the cases that the viewer may read; `None` where it is not theirs to decide."""
    row = _counted(Problem.objects.filter(pk=number), at).first()
    if row is None or not may_at(viewer, Permission.LINK, row.entity_id):
        return None
    near = Alike.objects.filter(problem=row, refused=False).values_list(
        "case_id", "likeness", "case__problem_id"
    )
    alike = {key: likeness for key, likeness, of in near if of is None}
    proposed = Exists(Alike.objects.filter(problem=number, case=OuterRef("pk"), refused=False))
    theirs = Case.objects.filter(Q(problem_id=number) | Q(proposed, problem_id=None), visible(viewer))
    lines = as_rows(worded(lines_of(theirs.order_by("-received_at", "-id")[:EVIDENCE])).asked({}), at)
    steps = list(row.steps.order_by("-pk"))
    who = get_officer_names({key for key in (row.officer_id, *map(_officer, steps)) if key})
    return DeskProblem(
        standing=_standing(row, at), seen=row.steps_taken, note=row.note, body=get_tree()[row.entity_id],
        unit_id=row.unit_id, unit=_unit(row), officer_id=row.officer_id, officer=who.get(row.officer_id or 0),
        place=get_governorates().get(row.governorate_id or 0), came=row.came, hours=row.hours, usual=row.usual,
        linked=[line for line in lines if line.id not in alike],
        proposed=sorted(
            ((line, alike[line.id]) for line in lines if line.id in alike), key=lambda one: -one[1]
        ),
        history=[
            Happening(Did(step.did), step.at, _to_officers(step), step.reason,
                      who.get(_officer(step) or 0))
            for step in steps
        ],
    )  # fmt: skip


def public_problems(at: datetime) -> list[PublicProblem]:
    """What everybody reads: those being fixed, and for a while those that are; the most people first."""
    rows = Problem.objects.filter(_shown(at)).order_by("status", "-reported", "-confirmed_at")[:_LISTED]
    return [_public(row, []) for row in rows]


def public_problem(number: int) -> PublicProblem | None:
    """One of them with its history; of those that were fixed long ago too, for a case's page leads there."""
    shown = Q(status__in=[str(Status.CONFIRMED), str(Status.FIXED)])
    row = Problem.objects.filter(shown, pk=number).first()
    return _public(row, list(row.steps.order_by("pk"))) if row else None


class Shared(NamedTuple):
    """A problem of a time as everybody may read it. `reported` is None where fewer than `FEW` people did."""

    number: int
    ar: str
    en: str
    entity: int
    governorate: int | None
    reported: int | None
    fix_on: date | None
    fixed: date | None


def shared_problems(
    bodies: Collection[int] | None, begin: datetime, end: datetime, most: int
) -> list[Shared]:
    """Those that were confirmed before `end` and stood after `begin`, the most people first."""
    rows = Problem.objects.filter(
        Q(status=str(Status.CONFIRMED)) | Q(status=str(Status.FIXED), ended_at__gte=begin),
        confirmed_at__lt=end,
    )
    if bodies is not None:
        rows = rows.filter(entity__in=bodies)
    return [
        Shared(
            row.pk, row.name_ar, row.name_en, row.entity_id, row.governorate_id,
            row.reported if row.reported >= FEW else None, row.fix_on,
            get_local_date(row.ended_at) if row.status == Status.FIXED and row.ended_at else None,
        )
        for row in rows.order_by("-reported", "pk")[:most]
    ]  # fmt: skip


def _shown(at: datetime) -> Q:
    return Q(status=str(Status.CONFIRMED)) | Q(status=str(Status.FIXED), ended_at__gt=at - SHOWN_AFTER)


def _public(row: Problem, steps: Sequence[Step]) -> PublicProblem:
    told = [(step, words) for step in steps if (words := _to_everybody(step))]
    return PublicProblem(
        id=row.pk, status=Status(row.status), name=row.name, note=row.note, reported=people(row.reported),
        body=get_tree()[row.entity_id], unit=_unit(row), place=get_governorates().get(row.governorate_id or 0),
        since=row.confirmed_at or row.found_at, fix_on=row.fix_on, fixed_at=row.ended_at,
        history=[Happening(Did(step.did), step.at, words, step.reason, None) for step, words in told],
    )  # fmt: skip


def _unit(row: Problem) -> BilingualText | None:
    section = get_units().get(row.unit_id or 0)
    return section.words if section else None


def _to_officers(step: Step) -> BilingualText:
    return _filled(STEP_WORDS[Did(step.did)][1], step)


def _to_everybody(step: Step) -> BilingualText | None:
    said = STEP_WORDS[Did(step.did)][0]
    return _filled(said, step) if said else None


def _filled(said: BilingualText, step: Step) -> BilingualText:
    days = {
        name: format_in_both_languages(format_date, day) if day else BilingualText("", "")
        for name, day in _days(step)
    }
    return said.filled(**days)


def _officer(step: Step) -> int | None:
    kind, _, key = step.actor.partition(":")
    return int(key) if kind == ActorKind.OFFICER else None


def _days(step: Step) -> list[tuple[str, date | None]]:
    return [("was", step.was), ("until", step.until)]


def _counted(rows: QuerySet[Problem], at: datetime) -> QuerySet[Any]:
    theirs = Q(alike__refused=False)
    lately = theirs & Q(alike__at__gt=at - RISING)
    return rows.annotate(cases=Count("alike", filter=theirs), lately=Count("alike", filter=lately))


def _standing(row: Any, at: datetime) -> Standing:
    late = row.fix_on is not None and row.fix_on < get_local_date(at) and row.status == Status.CONFIRMED
    place = get_governorates().get(row.governorate_id or 0)
    return Standing(
        row.pk, Status(row.status), row.name, row.entity_id, row.governorate_id, get_tree()[row.entity_id].words,
        place.words if place else None, row.found_at, row.cases, row.lately, row.reported, row.fix_on, late,
    )  # fmt: skip
