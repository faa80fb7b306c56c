"""Problems as those see them who decide, who brought a case, who watch over bodies, and everybody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries.lists.case_rows import CaseRow, build_rows, select_rows
from bekhedmetkom.cases.queries.prepared_statements import prepare_statement
from bekhedmetkom.cases.queries.visibility import build_visibility_filter
from bekhedmetkom.cases.rules.access import has_entity_permission
from bekhedmetkom.entities.queries import GovernorateRecord, get_governorates, get_tree, get_units
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity.queries import get_officer_names, get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor, ActorKind
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.formatting import format_date, format_in_both_languages
from bekhedmetkom.kernel.text import BilingualText

from .models import Problem, ProblemStep, SimilarCase
from .rules.statuses import (
    MIN_PUBLISHED_PEOPLE,
    STEP_TEXTS,
    ProblemAction,
    ProblemStatus,
    describe_people_count,
)

PUBLIC_AFTER_FIX = timedelta(days=30)  # so long everybody reads of what was fixed
_MAX_LISTED = 100
MAX_EVIDENCE = 200  # cases of one problem on its page: the newest
RISING_PERIOD = timedelta(hours=24)


class ProblemSummary(NamedTuple):
    """A problem in a line: `cases` are those that say the same, `lately` those of the last day; `reported` its people.

    `name` is empty as long as nobody has said that it is one.
    """

    id: int
    status: ProblemStatus
    name: BilingualText
    entity: int
    governorate: int | None
    body_name: BilingualText
    governorate_name: BilingualText | None
    found_at: datetime
    cases: int
    recent_cases: int
    people_count: int
    fix_on: date | None
    is_late: bool


class HistoryEntry(NamedTuple):
    """A step in its history; `by` is empty for everybody's eyes, and where the platform did it."""

    action: ProblemAction
    at: datetime
    text: BilingualText
    reason: BilingualText
    actor_name: BilingualText | None


@dataclass(frozen=True, slots=True)
class DeskProblem:
    """A problem as those see it who decide. `came` cases in `hours`, where `usual` are usual, is why it was found.

    `proposed`: cases that say the same and are linked to none, each with its likeness in hundredths.
    """

    summary: ProblemSummary
    version: int
    note: BilingualText
    body: Body
    unit_id: int | None
    unit: BilingualText | None
    officer_id: int | None
    officer: BilingualText | None
    governorate: GovernorateRecord | None
    found_cases: int
    found_hours: int
    expected_cases: float
    linked_cases: list[CaseRow]
    similar_cases: list[tuple[CaseRow, int]]
    history: list[HistoryEntry]


@dataclass(frozen=True, slots=True)
class PublicProblem:
    """What everybody reads of a problem: no case and nobody."""

    id: int
    status: ProblemStatus
    name: BilingualText
    note: BilingualText
    people_text: BilingualText
    body: Body
    unit: BilingualText | None
    governorate: GovernorateRecord | None
    since: datetime
    fix_on: date | None
    fixed_at: datetime | None
    history: list[HistoryEntry]


class NamedProblem(NamedTuple):
    id: int
    name: BilingualText


def list_current_problems(
    bodies: Collection[int] | None, at: datetime, *, governorate: int | None = None, most: int = 10
) -> list[ProblemSummary]:
    """Problems that are confirmed or rise, of these bodies (`None`: of all): the most cases of the last day first.

    One query. For who may know of them: nobody else reads of what is not confirmed.
    """
    rows = Problem.objects.filter(status__in=[str(ProblemStatus.FOUND), str(ProblemStatus.CONFIRMED)])
    if bodies is not None:
        rows = rows.filter(entity__in=bodies)
    if governorate is not None:
        rows = rows.filter(governorate=governorate)
    counted = _annotate_counts(rows, at).order_by("-recent_cases", "-people_count", "-found_at")[:most]
    return [_build_summary(row, at) for row in counted]


def list_linkable_problems(entity: int, governorate: int | None) -> list[NamedProblem]:
    """Confirmed problems of a body, of those above and below it, or of a governorate: the newest first."""
    theirs = {entity, *get_tree()[entity].ancestors, *get_tree().subtrees[entity]}
    near = Q(entity__in=theirs) | (Q(governorate=governorate) if governorate else Q(pk__in=[]))
    rows = Problem.objects.filter(near, status=str(ProblemStatus.CONFIRMED)).order_by("-confirmed_at")[
        :_MAX_LISTED
    ]
    return [NamedProblem(row.pk, row.name) for row in rows]


def list_desk_problems(viewer: Actor, at: datetime) -> list[ProblemSummary]:
    """Those of the bodies for which the viewer decides: to be decided, being fixed, and lately ended; one query."""
    bodies = get_reachable_bodies(viewer, Permission.LINK)
    ended = Q(status__in=[str(ProblemStatus.DISMISSED), str(ProblemStatus.FIXED)])
    rows = Problem.objects.filter(~ended | Q(ended_at__gt=at - PUBLIC_AFTER_FIX))
    if bodies is not None:
        rows = rows.filter(entity__in=bodies)
    return [
        _build_summary(row, at)
        for row in _annotate_counts(rows, at).order_by("-recent_cases", "-found_at")[:_MAX_LISTED]
    ]


def get_desk_problem(viewer: Actor, number: int, at: datetime) -> DeskProblem | None:
    """One of them, with the cases that the viewer may read; `None` where it is not theirs to decide."""
    row = _annotate_counts(Problem.objects.filter(pk=number), at).first()
    if row is None or not has_entity_permission(viewer, Permission.LINK, row.entity_id):
        return None
    near = SimilarCase.objects.filter(problem=row, is_rejected=False).values_list(
        "case_id", "similarity", "case__problem_id"
    )
    alike = {key: likeness for key, likeness, of in near if of is None}
    proposed = Exists(SimilarCase.objects.filter(problem=number, case=OuterRef("pk"), is_rejected=False))
    theirs = Case.objects.filter(
        Q(problem_id=number) | Q(proposed, problem_id=None), build_visibility_filter(viewer)
    )
    lines = build_rows(
        prepare_statement(select_rows(theirs.order_by("-received_at", "-id")[:MAX_EVIDENCE])).asked({}), at
    )
    steps = list(row.steps.order_by("-pk"))
    who = get_officer_names({key for key in (row.officer_id, *map(_get_officer_id, steps)) if key})
    return DeskProblem(
        summary=_build_summary(row, at),
        version=row.version,
        note=row.note,
        body=get_tree()[row.entity_id],
        unit_id=row.unit_id,
        unit=_get_unit_name(row),
        officer_id=row.officer_id,
        officer=who.get(row.officer_id or 0),
        governorate=get_governorates().get(row.governorate_id or 0),
        found_cases=row.found_cases,
        found_hours=row.found_hours,
        expected_cases=row.expected_cases,
        linked_cases=[line for line in lines if line.id not in alike],
        similar_cases=sorted(
            ((line, alike[line.id]) for line in lines if line.id in alike), key=lambda one: -one[1]
        ),
        history=[
            HistoryEntry(
                ProblemAction(step.action),
                step.at,
                _describe_for_officers(step),
                step.reason,
                who.get(_get_officer_id(step) or 0),
            )
            for step in steps
        ],
    )


def list_public_problems(at: datetime) -> list[PublicProblem]:
    """What everybody reads: those being fixed, and for a while those that are; the most people first."""
    rows = Problem.objects.filter(_is_public(at)).order_by("status", "-people_count", "-confirmed_at")[
        :_MAX_LISTED
    ]
    return [_build_public_problem(row, []) for row in rows]


def get_public_problem(number: int) -> PublicProblem | None:
    """One of them with its history; of those that were fixed long ago too, for a case's page leads there."""
    shown = Q(status__in=[str(ProblemStatus.CONFIRMED), str(ProblemStatus.FIXED)])
    row = Problem.objects.filter(shown, pk=number).first()
    return _build_public_problem(row, list(row.steps.order_by("pk"))) if row else None


class PublishedProblem(NamedTuple):
    """A problem of a time as everybody may read it. `reported` is None where fewer than `FEW` people did."""

    number: int
    name_ar: str
    name_en: str
    entity: int
    governorate: int | None
    people_count: int | None
    fix_on: date | None
    fixed_on: date | None


def list_published_problems(
    bodies: Collection[int] | None, begin: datetime, end: datetime, most: int
) -> list[PublishedProblem]:
    """Those that were confirmed before `end` and stood after `begin`, the most people first."""
    rows = Problem.objects.filter(
        Q(status=str(ProblemStatus.CONFIRMED)) | Q(status=str(ProblemStatus.FIXED), ended_at__gte=begin),
        confirmed_at__lt=end,
    )
    if bodies is not None:
        rows = rows.filter(entity__in=bodies)
    return [
        PublishedProblem(
            row.pk,
            row.name_ar,
            row.name_en,
            row.entity_id,
            row.governorate_id,
            row.people_count if row.people_count >= MIN_PUBLISHED_PEOPLE else None,
            row.fix_on,
            get_local_date(row.ended_at) if row.status == ProblemStatus.FIXED and row.ended_at else None,
        )
        for row in rows.order_by("-people_count", "pk")[:most]
    ]


def _is_public(at: datetime) -> Q:
    return Q(status=str(ProblemStatus.CONFIRMED)) | Q(
        status=str(ProblemStatus.FIXED), ended_at__gt=at - PUBLIC_AFTER_FIX
    )


def _build_public_problem(row: Problem, steps: Sequence[ProblemStep]) -> PublicProblem:
    told = [(step, words) for step in steps if (words := _describe_for_public(step))]
    return PublicProblem(
        id=row.pk,
        status=ProblemStatus(row.status),
        name=row.name,
        note=row.note,
        people_text=describe_people_count(row.people_count),
        body=get_tree()[row.entity_id],
        unit=_get_unit_name(row),
        governorate=get_governorates().get(row.governorate_id or 0),
        since=row.confirmed_at or row.found_at,
        fix_on=row.fix_on,
        fixed_at=row.ended_at,
        history=[
            HistoryEntry(ProblemAction(step.action), step.at, words, step.reason, None)
            for step, words in told
        ],
    )


def _get_unit_name(row: Problem) -> BilingualText | None:
    section = get_units().get(row.unit_id or 0)
    return section.name if section else None


def _describe_for_officers(step: ProblemStep) -> BilingualText:
    return _fill_dates(STEP_TEXTS[ProblemAction(step.action)][1], step)


def _describe_for_public(step: ProblemStep) -> BilingualText | None:
    said = STEP_TEXTS[ProblemAction(step.action)][0]
    return _fill_dates(said, step) if said else None


def _fill_dates(said: BilingualText, step: ProblemStep) -> BilingualText:
    days = {
        name: format_in_both_languages(format_date, day) if day else BilingualText("", "")
        for name, day in _list_dates(step)
    }
    return said.format(**days)


def _get_officer_id(step: ProblemStep) -> int | None:
    kind, _, key = step.actor.partition(":")
    return int(key) if kind == ActorKind.OFFICER else None


def _list_dates(step: ProblemStep) -> list[tuple[str, date | None]]:
    return [("was", step.previous_fix_on), ("until", step.fix_on)]


def _annotate_counts(rows: QuerySet[Problem], at: datetime) -> QuerySet[Any]:
    theirs = Q(similar_cases__is_rejected=False)
    lately = theirs & Q(similar_cases__received_at__gt=at - RISING_PERIOD)
    return rows.annotate(
        cases=Count("similar_cases", filter=theirs), recent_cases=Count("similar_cases", filter=lately)
    )


def _build_summary(row: Any, at: datetime) -> ProblemSummary:
    late = (
        row.fix_on is not None and row.fix_on < get_local_date(at) and row.status == ProblemStatus.CONFIRMED
    )
    place = get_governorates().get(row.governorate_id or 0)
    return ProblemSummary(
        row.pk,
        ProblemStatus(row.status),
        row.name,
        row.entity_id,
        row.governorate_id,
        get_tree()[row.entity_id].name,
        place.name if place else None,
        row.found_at,
        row.cases,
        row.recent_cases,
        row.people_count,
        row.fix_on,
        late,
    )
