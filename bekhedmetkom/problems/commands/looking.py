"""Looking whether a new case is one of many: of a problem that is known, or of a burst that nobody has said yet."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import numpy.typing as npt
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

AT_ONCE = 50
_AGAIN = timedelta(hours=1)
_MOST = 12_000  # rows of a place or a body that are compared: the newest …
_MOST_PAST = (
    24_000  # … and from which the usual rate is learned: of the busiest place a week, at 5,000 cases a day
)
_PART = 1_500  # of the past, read at once
_EPOCH, _MICRO = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
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
    """Traces of a scope, newest first, that are of no problem yet. Thousands: no row is an object of its own."""

    keys: bytes  # of the cases, sixteen of each
    at: npt.NDArray[np.int64]  # microseconds
    lines: Signs

    def __len__(self) -> int:
        return len(self.at)

    def case(self, row: int) -> UUID:
        return UUID(bytes=self.keys[16 * row : 16 * row + 16])


@dataclass(frozen=True, slots=True)
class Burst:
    """Too many alike cases: which, in which window, how many were usual, and how likely that is."""

    cases: Sequence[UUID]
    centre: Signs
    window: Window
    usual: float
    chance: float


def look(at: datetime, *, at_once: int = AT_ONCE) -> int:
    """Look at the cases that nobody has looked at, so many at once; how many. One process at a time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('problems'))")
        if not cursor.fetchone()[0]:
            return 0
        new = list(Trace.objects.filter(looked=False, at__lte=at).order_by("at")[:at_once])
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
        self._past: dict[Scope, Past] = {}
        self._weighed: defaultdict[Scope, list[Signs]] = defaultdict(list)  # what groups have in common
        self._taken: set[UUID] = set()
        self._problems = _live(at)

    def at_all(self, new: Sequence[Trace]) -> None:
        """The newest first: behind it stand all that are like it, so each group is weighed once and not for each of
        them. When thousands write the same at once, that is one weighing for fifty.
        """
        lines = unpacked(b"".join(trace.signs for trace in new))
        for trace, line in zip(reversed(new), reversed(lines), strict=True):
            if trace.case_id in self._taken:
                continue
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
        if any(float(centre @ line) >= LIKE_ALL for centre in self._weighed[scope]):
            return None
        seen = self._seen(scope)
        group = alike(line, seen.lines)
        if group is None or len(group.rows) < LEAST:
            return None
        self._weighed[scope].append(group.centre)
        usual = Usual(scope, group, self._past_of(scope), at)
        bursts = [burst for window in WINDOWS if (burst := _within(window, seen, group, usual, at))]
        best = min(bursts, key=lambda burst: burst.chance, default=None)
        return best if best and best.chance < CHANCE and _people(best.cases) >= LEAST else None

    def _seen(self, scope: Scope) -> Seen:
        if scope not in self._recent:
            self._recent[scope] = _read(scope.inside, self.at - LONGEST, self.at)
        return self._recent[scope]

    def _past_of(self, scope: Scope) -> "Past":
        if scope not in self._past:
            self._past[scope] = Past(scope, self.at)
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
        self._taken |= set(burst.cases)
        for read in (self._recent, self._past, self._weighed):
            read.clear()


@dataclass(slots=True)
class Known:
    """A problem to which cases are put, and what they have in common: the more of them, the surer."""

    problem: Problem
    centre: Signs
    cases: int

    def take(self, more: Sequence[Trace]) -> None:
        """Put these beside it."""
        lines = unpacked(b"".join(trace.signs for trace in more))
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


class Past:
    """What came in a scope before, read on only as far as somebody asks: newest first, and no more than so many."""

    def __init__(self, scope: Scope, at: datetime):
        self._rows = _unknown(scope.inside, at - HISTORY, at)
        self._read: list[Seen] = []
        times = self._rows.values_list("at", flat=True)
        oldest = times[_MOST_PAST - 1 : _MOST_PAST].first()
        self.is_full = oldest is not None  # there is more, which nobody reads
        self.first = oldest or times.last() or at

    def parts(self) -> Iterator[Seen]:
        """Part by part; what was read once is not read again."""
        yield from self._read
        while sum(map(len, self._read)) < _MOST_PAST:
            before = {"at__lt": moment(self._read[-1].at[-1])} if self._read else {}
            part = _seen(self._rows.filter(**before)[:_PART])
            if not len(part):
                return
            self._read.append(part)
            yield part


class Usual:
    """At which rate cases like these came before, learned once for all windows."""

    def __init__(self, scope: Scope, group: Group, past: Past, at: datetime):
        self.scope, self.group, self.past, self.at = scope, group, past, at
        self._like: list[npt.NDArray[np.int64]] = []  # by part of the past: when cases like these came

    def of(self, window: Window, now: int) -> tuple[float, float]:
        """How many were to be expected in the window, and how likely so many as `now` are.

        The more came before, the likelier: once it is likely enough, nothing more is read.
        """
        start = self.at - window.span
        history = start - self.past.first
        if history <= timedelta(0) or (history < LEAST_HISTORY and not self.past.is_full):
            here, like_there, there = self._said_elsewhere(window)
            return like_there * here / max(there, 1), chance(now, here, like_there, there)
        days, span = history / timedelta(days=1), window.span / timedelta(days=1)
        before, unlikely = 0, 1.0
        for like_these in self._parts():
            before += int(np.count_nonzero(like_these < micros(start)))
            unlikely = chance(now, span * window.peak, before, days)
            if unlikely >= CHANCE:
                break
        return before * span / days, unlikely

    def _parts(self) -> Iterator[npt.NDArray[np.int64]]:
        for number, part in enumerate(self.past.parts()):
            if number == len(self._like):
                self._like.append(part.at[like(self.group.centre, part.lines)])
            yield self._like[number]

    def _said_elsewhere(self, window: Window) -> tuple[int, int, int]:
        """All cases here, and elsewhere those like these and all: while there is no history to learn from."""
        start = self.at - window.span
        here = Trace.objects.filter(self.scope.inside, at__gt=start, at__lte=self.at).count()
        there = _read(~self.scope.inside, start, self.at)
        return here, len(like(self.group.centre, there.lines)), len(there)


def _within(window: Window, seen: Seen, group: Group, usual: Usual, at: datetime) -> Burst | None:
    since, until = micros(at - window.span), micros(at)
    rows = [row for row in group.rows if since < seen.at[row] <= until]
    if len(rows) < LEAST:
        return None
    expected, unlikely = usual.of(window, len(rows))
    return Burst([seen.case(row) for row in rows], group.centre, window, expected, unlikely)


def _live(at: datetime) -> list[Known]:
    """Problems to which new cases are put: also those said lately not to be one, so that nobody is asked again."""
    lately = Q(status=str(Status.DISMISSED), ended_at__gt=at - timedelta(days=SILENT_DAYS))
    live = Problem.objects.filter(Q(status__in=[str(Status.FOUND), str(Status.CONFIRMED)]) | lately)
    theirs = Count("alike", filter=Q(alike__refused=False))
    rows = list(live.exclude(centre=b"").annotate(cases=theirs))
    centres = unpacked(b"".join(row.centre for row in rows))
    return [Known(row, centre, max(row.cases, LEAST)) for row, centre in zip(rows, centres, strict=True)]


def _read(inside: Q, since: datetime, until: datetime) -> Seen:
    return _seen(_unknown(inside, since, until)[:_MOST])


def _unknown(inside: Q, since: datetime, until: datetime) -> QuerySet[Trace]:
    """Of no problem yet, newest first."""
    known = Alike.objects.filter(case=OuterRef("pk"), refused=False)
    return Trace.objects.filter(inside, ~Exists(known), at__gt=since, at__lte=until).order_by("-at")


def _seen(rows: QuerySet[Trace]) -> Seen:
    sql, params = rows.values("case_id", "at", "signs").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER.format(rows=sql), params)
        keys, at, lines = (bytes(column or b"") for column in cursor.fetchone())
    return Seen(keys, np.frombuffer(at, dtype=">i8").astype(np.int64), unpacked(lines))


# Each column as one value: to make objects of ten thousand rows would take longer than to compare them.
TOGETHER = """
SELECT string_agg(uuid_send(case_id), ''), string_agg(int8send((extract(epoch FROM at) * 1000000)::bigint), ''),
    string_agg(signs, '')
FROM ({rows}) AS rows
"""


def micros(at: datetime) -> int:
    """A moment as `Seen` keeps it; `moment` is the way back."""
    return (at - _EPOCH) // _MICRO


def moment(number: int) -> datetime:
    return _EPOCH + int(number) * _MICRO


# Whoever left no telephone or address counts as somebody else in each case.
def _people(cases: Sequence[UUID]) -> int:
    who = Case.objects.filter(pk__in=cases).values_list("pk", "particulars__phone", "particulars__email")
    return len({phone or email or key for key, phone, email in who})
