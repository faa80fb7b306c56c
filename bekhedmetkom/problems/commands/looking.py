"""Looking whether a new case is one of many: of a problem that is known, or of a burst that nobody has said yet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from bekhedmetkom.cases.models import Case
from bekhedmetkom.kernel.actor import CLOCK

from ..models import Alike, Problem, Step, Trace
from ..rules.bursts import (
    CHANCE,
    HISTORY,
    LEAST,
    LEAST_HISTORY,
    LIKE_ALL,
    LONGEST,
    WINDOWS,
    Group,
    Window,
    alike,
    chance,
    like,
)
from ..rules.signs import Signs, packed, unit, unpacked
from ..rules.states import SILENT_DAYS, Did, Status
from .tracing import make_up

_AT_ONCE = 50
_AGAIN = timedelta(hours=1)
_MOST = 12_000  # rows of a place or a body that are compared: the newest
_HERE = 0.7  # of a group that must lie in one governorate for the problem to be there


@dataclass(frozen=True, slots=True)
class Scope:
    """Where alike cases count together: a governorate, or a body."""

    governorate: int | None = None
    entity: int | None = None

    @property
    def inside(self) -> Q:
        return Q(governorate_id=self.governorate) if self.governorate else Q(entity_id=self.entity)


@dataclass(frozen=True, slots=True)
class Seen:
    """Traces of a scope, newest first, that are of no problem yet."""

    cases: list[UUID]
    at: list[datetime]
    lines: Signs


@dataclass(frozen=True, slots=True)
class Burst:
    """Too many alike cases: which, in which window, how many were usual, and how likely that is."""

    cases: Sequence[UUID]
    centre: Signs
    window: Window
    usual: float
    chance: float


def look(at: datetime) -> int:
    """Look at the cases that nobody has looked at; how many. One process at a time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('problems'))")
        if not cursor.fetchone()[0]:
            return 0
        new = list(Trace.objects.filter(looked=False, at__lte=at).order_by("at")[:_AT_ONCE])
        if new:
            _Look(at).at_all(new)
            Trace.objects.filter(pk__in=[trace.pk for trace in new]).update(looked=True)
        return len(new)


_made_up: list[datetime] = []  # when this process last found nothing left that came before its time


def look_around(at: datetime) -> int:
    """Look at what is new; while there is nothing, once an hour, at what the platform has not seen come."""
    if done := look(at):
        return done
    if _made_up and at - _made_up[-1] < _AGAIN:
        return 0
    if not (done := make_up(at)):
        _made_up[:] = [at]
    return done


class _Look:
    """One look; what it has read once it does not read again."""

    def __init__(self, at: datetime):
        self.at = at
        self._recent: dict[Scope, Seen] = {}
        self._past: dict[Scope, Seen] = {}
        self._problems = _live(at)

    def at_all(self, new: Sequence[Trace]) -> None:
        for trace, line in zip(new, unpacked([trace.signs for trace in new]), strict=True):
            if self._is_known(trace, line):
                self._recent.clear()
                continue
            scopes = [Scope(entity=trace.entity_id)]
            if trace.governorate_id:
                scopes.insert(0, Scope(governorate=trace.governorate_id))
            bursts = [burst for scope in scopes if (burst := self._burst(scope, line, trace.at))]
            if bursts:
                self._found(min(bursts, key=lambda burst: burst.chance))

    def _is_known(self, trace: Trace, line: Signs) -> bool:
        """Whether it is like a problem that is known there: then it is put beside it."""
        known = self._likest(line, trace.entity_id, trace.governorate_id)
        if known is not None:
            known.take([trace])
        return known is not None

    def _likest(self, line: Signs, entity: int, governorate: int | None) -> "Known | None":
        there = [
            (float(known.centre @ line), known) for known in self._problems
            if known.problem.entity_id == entity
            or (governorate and known.problem.governorate_id == governorate)
        ]  # fmt: skip
        likeness, known = max(there, key=lambda one: one[0], default=(0.0, None))
        return known if likeness >= LIKE_ALL else None

    def _burst(self, scope: Scope, line: Signs, at: datetime) -> Burst | None:
        """The unlikeliest of the windows up to this case, if it is unlikely enough."""
        seen = self._seen(scope)
        group = alike(line, seen.lines)
        if group is None or len(group.rows) < LEAST:
            return None
        usual = _Usual(scope, group, self._past_of(scope), at)
        bursts = [burst for window in WINDOWS if (burst := _within(window, seen, group, usual, at))]
        best = min(bursts, key=lambda burst: burst.chance, default=None)
        return best if best and best.chance < CHANCE and _people(best.cases) >= LEAST else None

    def _seen(self, scope: Scope) -> Seen:
        if scope not in self._recent:
            self._recent[scope] = _read(scope.inside, self.at - LONGEST, self.at)
        return self._recent[scope]

    def _past_of(self, scope: Scope) -> Seen:
        """Much more, and seldom asked for."""
        if scope not in self._past:
            self._past[scope] = _read(scope.inside, self.at - HISTORY, self.at)
        return self._past[scope]

    def _found(self, burst: Burst) -> None:
        """A problem of its own, or more of one that is known: at first it knew few of its own words."""
        cases = list(Trace.objects.filter(pk__in=burst.cases))
        entity = Counter(case.entity_id for case in cases).most_common(1)[0][0]
        governorate, here = Counter(case.governorate_id for case in cases).most_common(1)[0]
        place = governorate if here >= _HERE * len(cases) else None
        known = self._likest(burst.centre, entity, place)
        if known is None:
            problem = Problem.objects.create(
                entity_id=entity, governorate_id=place, found_at=self.at, centre=packed(burst.centre),
                came=len(cases), hours=round(burst.window.span / timedelta(hours=1)), usual=burst.usual, steps_taken=1,
            )  # fmt: skip
            Step.objects.create(problem=problem, did=Did.FOUND, at=self.at, actor=str(CLOCK))
            known = Known(problem, burst.centre, 0)
            self._problems.append(known)
        known.take(cases)
        self._recent.clear()
        self._past.clear()


@dataclass(slots=True)
class Known:
    """A problem to which cases are put, and what they have in common: the more of them, the surer."""

    problem: Problem
    centre: Signs
    cases: int

    def take(self, more: Sequence[Trace]) -> None:
        """Put these beside it."""
        lines = unpacked([trace.signs for trace in more])
        self.centre = unit(self.cases * self.centre + lines.sum(axis=0))
        self.cases += len(more)
        likeness = [round(100 * float(line @ self.centre)) for line in lines]
        Alike.objects.bulk_create(
            [
                Alike(problem=self.problem, case_id=trace.case_id, at=trace.at, likeness=near)
                for trace, near in zip(more, likeness, strict=True)
            ],
            ignore_conflicts=True,
        )
        Problem.objects.filter(pk=self.problem.pk).update(centre=packed(self.centre))


class _Usual:
    """At which rate cases like these came before, learned once for all windows."""

    def __init__(self, scope: Scope, group: Group, before: Seen, at: datetime):
        self.scope, self.group, self.at = scope, group, at
        self.first = min(before.at, default=at)
        rows = like(group.centre, before.lines)
        self.like_these = [before.at[row] for row in rows]

    def of(self, window: Window, now: int) -> tuple[float, float]:
        """How many were to be expected in the window, and how likely so many as `now` are."""
        start = self.at - window.span
        history = start - self.first
        if history >= LEAST_HISTORY:
            before = sum(1 for at in self.like_these if at < start)
            days, span = history / timedelta(days=1), window.span / timedelta(days=1)
            return before * span / days, chance(now, span * window.peak, before, days)
        here, like_there, there = self._said_elsewhere(window)
        return like_there * here / max(there, 1), chance(now, here, like_there, there)

    def _said_elsewhere(self, window: Window) -> tuple[int, int, int]:
        """All cases here, and elsewhere those like these and all: while there is no history to learn from."""
        start = self.at - window.span
        here = Trace.objects.filter(self.scope.inside, at__gt=start, at__lte=self.at).count()
        there = _read(~self.scope.inside, start, self.at)
        return here, len(like(self.group.centre, there.lines)), len(there.cases)


def _within(window: Window, seen: Seen, group: Group, usual: _Usual, at: datetime) -> Burst | None:
    rows = [row for row in group.rows if at - window.span < seen.at[row] <= at]
    if len(rows) < LEAST:
        return None
    expected, unlikely = usual.of(window, len(rows))
    return Burst([seen.cases[row] for row in rows], group.centre, window, expected, unlikely)


def _live(at: datetime) -> list[Known]:
    """Problems to which new cases are put: also those said lately not to be one, so that nobody is asked again."""
    lately = Q(status=str(Status.DISMISSED), ended_at__gt=at - timedelta(days=SILENT_DAYS))
    live = Problem.objects.filter(Q(status__in=[str(Status.FOUND), str(Status.CONFIRMED)]) | lately)
    theirs = Count("alike", filter=Q(alike__refused=False))
    rows = list(live.exclude(centre=b"").annotate(cases=theirs))
    centres = unpacked([row.centre for row in rows])
    return [Known(row, centre, row.cases) for row, centre in zip(rows, centres, strict=True)]


def _read(inside: Q, since: datetime, until: datetime) -> Seen:
    known = Alike.objects.filter(case=OuterRef("pk"), refused=False)
    rows: QuerySet[Trace] = Trace.objects.filter(inside, ~Exists(known), at__gt=since, at__lte=until)
    found = list(rows.order_by("-at").values_list("case_id", "at", "signs")[:_MOST])
    return Seen(
        [case for case, _, _ in found],
        [at for _, at, _ in found],
        unpacked([bytes(kept) for _, _, kept in found]),
    )


# Whoever left no telephone or address counts as somebody else in each case.
def _people(cases: Sequence[UUID]) -> int:
    who = Case.objects.filter(pk__in=cases).values_list("pk", "particulars__phone", "particulars__email")
    return len({phone or email or key for key, phone, email in who})
