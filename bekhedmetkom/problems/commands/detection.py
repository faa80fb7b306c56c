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

from ..models import CaseVector, Problem, ProblemStep, SimilarCase
from ..rules.bursts import (
    GROUP_SIMILARITY,
    HISTORY,
    LONGEST_WINDOW,
    MAX_PROBABILITY,
    MIN_CASES,
    MIN_HISTORY,
    WINDOWS,
    BurstWindow,
    SimilarGroup,
    compute_probability,
    find_similar_group,
    find_similar_rows,
)
from ..rules.statuses import DISMISSAL_SILENCE_DAYS, ProblemAction, ProblemStatus
from ..rules.text_vectors import TextVector, normalise, pack_vector, unpack_vectors
from .case_vectors import backfill_case_vectors

CASES_PER_RUN = 50
_BACKFILL_INTERVAL = timedelta(hours=1)
_MAX_COMPARED = 12_000  # rows of a place or a body that are compared: the newest …
_MAX_HISTORY = (
    24_000  # … and from which the usual rate is learned: of the busiest place a week, at 5,000 cases a day
)
_HISTORY_BATCH = 1_500  # of the past, read at once
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_MIN_GOVERNORATE_SHARE = 0.7  # of a group that must lie in one governorate for the problem to be there


@dataclass(frozen=True, slots=True)
class ComparisonScope:
    """Where alike cases count together: a governorate, or a body."""

    governorate: int | None = None
    entity: int | None = None

    @property
    def condition(self) -> Q:
        return Q(governorate_id=self.governorate) if self.governorate else Q(entity_id=self.entity)


@dataclass(frozen=True, slots=True)
class VectorBatch:
    """Traces of a scope, newest first, that are of no problem yet. Thousands: no row is an object of its own."""

    case_keys: bytes  # of the cases, sixteen of each
    received: npt.NDArray[np.int64]  # microseconds
    vectors: TextVector

    def __len__(self) -> int:
        return len(self.received)

    def get_case_id(self, row: int) -> UUID:
        return UUID(bytes=self.case_keys[16 * row : 16 * row + 16])


@dataclass(frozen=True, slots=True)
class DetectedBurst:
    """Too many alike cases: which, in which window, how many were usual, and how likely that is."""

    cases: Sequence[UUID]
    mean_vector: TextVector
    window: BurstWindow
    expected: float
    probability: float


def detect_problems(at: datetime, *, at_once: int = CASES_PER_RUN) -> int:
    """Look at the cases that nobody has looked at, so many at once; how many. One process at a time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('problems'))")
        if not cursor.fetchone()[0]:
            return 0
        new = list(
            CaseVector.objects.filter(is_checked=False, received_at__lte=at).order_by("received_at")[:at_once]
        )
        if new:
            _DetectionRun(at).check_all(new)
            CaseVector.objects.filter(pk__in=[trace.pk for trace in new]).update(is_checked=True)
        return len(new)


_last_backfills: list[datetime] = []  # when this process last found nothing left that came before its time


def detect_or_backfill(at: datetime) -> int:
    """Look at what is new; while there is nothing, once an hour, at what the platform has not seen come."""
    if done := detect_problems(at):
        return done
    if _last_backfills and at - _last_backfills[-1] < _BACKFILL_INTERVAL:
        return 0
    if not (done := backfill_case_vectors(at)):
        _last_backfills[:] = [at]
    return done


class _DetectionRun:
    """One look; what it has read once it does not read again."""

    def __init__(self, at: datetime):
        self.at = at
        self._recent: dict[ComparisonScope, VectorBatch] = {}
        self._past: dict[ComparisonScope, ScopeHistory] = {}
        self._tested_vectors: defaultdict[ComparisonScope, list[TextVector]] = defaultdict(
            list
        )  # what groups have in common
        self._assigned_cases: set[UUID] = set()
        self._problems = _list_known_problems(at)

    def check_all(self, new: Sequence[CaseVector]) -> None:
        """The newest first: behind it stand all that are like it, so each group is weighed once and not for each of
        them. When thousands write the same at once, that is one weighing for fifty.
        """
        lines = unpack_vectors(b"".join(trace.vector for trace in new))
        for trace, line in zip(reversed(new), reversed(lines), strict=True):
            if trace.case_id in self._assigned_cases:
                continue
            if self._add_to_known(trace, line):
                self._recent.clear()
                continue
            scopes = [ComparisonScope(entity=trace.entity_id)]
            if trace.governorate_id:
                scopes.insert(0, ComparisonScope(governorate=trace.governorate_id))
            bursts = [
                burst for scope in scopes if (burst := self._find_burst(scope, line, trace.received_at))
            ]
            if bursts:
                self._record_problem(min(bursts, key=lambda burst: burst.probability))

    def _add_to_known(self, trace: CaseVector, line: TextVector) -> bool:
        """Whether it is like a problem that is known there: then it is put beside it."""
        known = self._find_closest(line, trace.entity_id, trace.governorate_id)
        if known is not None:
            known.add_cases([trace])
        return known is not None

    def _find_closest(self, line: TextVector, entity: int, governorate: int | None) -> "KnownProblem | None":
        there = [
            (float(known.mean_vector @ line), known)
            for known in self._problems
            if known.problem.entity_id == entity
            or (governorate and known.problem.governorate_id == governorate)
        ]
        likeness, known = max(there, key=lambda one: one[0], default=(0.0, None))
        return known if likeness >= GROUP_SIMILARITY else None

    def _find_burst(self, scope: ComparisonScope, line: TextVector, at: datetime) -> DetectedBurst | None:
        """The unlikeliest of the windows up to this case, if it is unlikely enough."""
        if any(float(centre @ line) >= GROUP_SIMILARITY for centre in self._tested_vectors[scope]):
            return None
        seen = self._get_batch(scope)
        group = find_similar_group(line, seen.vectors)
        if group is None or len(group.rows) < MIN_CASES:
            return None
        self._tested_vectors[scope].append(group.mean_vector)
        usual = UsualRate(scope, group, self._get_history(scope), at)
        bursts = [burst for window in WINDOWS if (burst := _evaluate_window(window, seen, group, usual, at))]
        best = min(bursts, key=lambda burst: burst.probability, default=None)
        return (
            best
            if best and best.probability < MAX_PROBABILITY and _count_people(best.cases) >= MIN_CASES
            else None
        )

    def _get_batch(self, scope: ComparisonScope) -> VectorBatch:
        if scope not in self._recent:
            self._recent[scope] = _load_vectors(scope.condition, self.at - LONGEST_WINDOW, self.at)
        return self._recent[scope]

    def _get_history(self, scope: ComparisonScope) -> "ScopeHistory":
        if scope not in self._past:
            self._past[scope] = ScopeHistory(scope, self.at)
        return self._past[scope]

    def _record_problem(self, burst: DetectedBurst) -> None:
        """A problem of its own, or more of one that is known: at first it knew few of its own words."""
        cases = list(CaseVector.objects.filter(pk__in=burst.cases))
        entity = Counter(case.entity_id for case in cases).most_common(1)[0][0]
        governorate, here = Counter(case.governorate_id for case in cases).most_common(1)[0]
        place = governorate if here >= _MIN_GOVERNORATE_SHARE * len(cases) else None
        known = self._find_closest(burst.mean_vector, entity, place)
        if known is None:
            problem = Problem.objects.create(
                entity_id=entity,
                governorate_id=place,
                found_at=self.at,
                mean_vector=pack_vector(burst.mean_vector),
                found_cases=len(cases),
                found_hours=round(burst.window.span / timedelta(hours=1)),
                expected_cases=burst.expected,
                version=1,
            )
            ProblemStep.objects.create(
                problem=problem, action=ProblemAction.FOUND, at=self.at, actor=str(CLOCK)
            )
            known = KnownProblem(problem, burst.mean_vector, 0)
            self._problems.append(known)
        known.add_cases(cases)
        self._assigned_cases |= set(burst.cases)
        for read in (self._recent, self._past, self._tested_vectors):
            read.clear()


@dataclass(slots=True)
class KnownProblem:
    """A problem to which cases are put, and what they have in common: the more of them, the surer."""

    problem: Problem
    mean_vector: TextVector
    case_count: int

    def add_cases(self, more: Sequence[CaseVector]) -> None:
        """Put these beside it."""
        lines = unpack_vectors(b"".join(trace.vector for trace in more))
        self.mean_vector = normalise(self.case_count * self.mean_vector + lines.sum(axis=0))
        self.case_count += len(more)
        likeness = [round(100 * float(line @ self.mean_vector)) for line in lines]
        SimilarCase.objects.bulk_create(
            [
                SimilarCase(
                    problem=self.problem,
                    case_id=trace.case_id,
                    received_at=trace.received_at,
                    similarity=near,
                )
                for trace, near in zip(more, likeness, strict=True)
            ],
            ignore_conflicts=True,
        )
        Problem.objects.filter(pk=self.problem.pk).update(mean_vector=pack_vector(self.mean_vector))


class ScopeHistory:
    """What came in a scope before, read on only as far as somebody asks: newest first, and no more than so many."""

    def __init__(self, scope: ComparisonScope, at: datetime):
        self._rows = _filter_unassigned(scope.condition, at - HISTORY, at)
        self._read: list[VectorBatch] = []
        times = self._rows.values_list("received_at", flat=True)
        oldest = times[_MAX_HISTORY - 1 : _MAX_HISTORY].first()
        self.is_full = oldest is not None  # there is more, which nobody reads
        self.first = oldest or times.last() or at

    def iterate_batches(self) -> Iterator[VectorBatch]:
        """Part by part; what was read once is not read again."""
        yield from self._read
        while sum(map(len, self._read)) < _MAX_HISTORY:
            before = {"received_at__lt": from_microseconds(self._read[-1].received[-1])} if self._read else {}
            part = _fetch_batch(self._rows.filter(**before)[:_HISTORY_BATCH])
            if not len(part):
                return
            self._read.append(part)
            yield part


class UsualRate:
    """At which rate cases like these came before, learned once for all windows."""

    def __init__(self, scope: ComparisonScope, group: SimilarGroup, past: ScopeHistory, at: datetime):
        self.scope, self.group, self.past, self.at = scope, group, past, at
        self._like: list[npt.NDArray[np.int64]] = []  # by part of the past: when cases like these came

    def compute(self, window: BurstWindow, now: int) -> tuple[float, float]:
        """How many were to be expected in the window, and how likely so many as `now` are.

        The more came before, the likelier: once it is likely enough, nothing more is read.
        """
        start = self.at - window.span
        history = start - self.past.first
        if history <= timedelta(0) or (history < MIN_HISTORY and not self.past.is_full):
            here, like_there, there = self._count_elsewhere(window)
            return like_there * here / max(there, 1), compute_probability(now, here, like_there, there)
        days, span = history / timedelta(days=1), window.span / timedelta(days=1)
        before, unlikely = 0, 1.0
        for like_these in self._iterate_similar_times():
            before += int(np.count_nonzero(like_these < to_microseconds(start)))
            unlikely = compute_probability(now, span * window.peak, before, days)
            if unlikely >= MAX_PROBABILITY:
                break
        return before * span / days, unlikely

    def _iterate_similar_times(self) -> Iterator[npt.NDArray[np.int64]]:
        for number, part in enumerate(self.past.iterate_batches()):
            if number == len(self._like):
                self._like.append(part.received[find_similar_rows(self.group.mean_vector, part.vectors)])
            yield self._like[number]

    def _count_elsewhere(self, window: BurstWindow) -> tuple[int, int, int]:
        """All cases here, and elsewhere those like these and all: while there is no history to learn from."""
        start = self.at - window.span
        here = CaseVector.objects.filter(
            self.scope.condition, received_at__gt=start, received_at__lte=self.at
        ).count()
        there = _load_vectors(~self.scope.condition, start, self.at)
        return here, len(find_similar_rows(self.group.mean_vector, there.vectors)), len(there)


def _evaluate_window(
    window: BurstWindow, seen: VectorBatch, group: SimilarGroup, usual: UsualRate, at: datetime
) -> DetectedBurst | None:
    since, until = to_microseconds(at - window.span), to_microseconds(at)
    rows = [row for row in group.rows if since < seen.received[row] <= until]
    if len(rows) < MIN_CASES:
        return None
    expected, unlikely = usual.compute(window, len(rows))
    return DetectedBurst(
        [seen.get_case_id(row) for row in rows], group.mean_vector, window, expected, unlikely
    )


def _list_known_problems(at: datetime) -> list[KnownProblem]:
    """Problems to which new cases are put: also those said lately not to be one, so that nobody is asked again."""
    lately = Q(status=str(ProblemStatus.DISMISSED), ended_at__gt=at - timedelta(days=DISMISSAL_SILENCE_DAYS))
    live = Problem.objects.filter(
        Q(status__in=[str(ProblemStatus.FOUND), str(ProblemStatus.CONFIRMED)]) | lately
    )
    theirs = Count("similar_cases", filter=Q(similar_cases__is_rejected=False))
    rows = list(live.exclude(mean_vector=b"").annotate(cases=theirs))
    centres = unpack_vectors(b"".join(row.mean_vector for row in rows))
    return [
        KnownProblem(row, centre, max(row.cases, MIN_CASES))
        for row, centre in zip(rows, centres, strict=True)
    ]


def _load_vectors(inside: Q, since: datetime, until: datetime) -> VectorBatch:
    return _fetch_batch(_filter_unassigned(inside, since, until)[:_MAX_COMPARED])


def _filter_unassigned(inside: Q, since: datetime, until: datetime) -> QuerySet[CaseVector]:
    """Of no problem yet, newest first."""
    known = SimilarCase.objects.filter(case=OuterRef("pk"), is_rejected=False)
    return CaseVector.objects.filter(
        inside, ~Exists(known), received_at__gt=since, received_at__lte=until
    ).order_by("-received_at")


def _fetch_batch(rows: QuerySet[CaseVector]) -> VectorBatch:
    sql, params = rows.values("case_id", "received_at", "vector").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(FETCH_BATCH.format(rows=sql), params)
        keys, at, lines = (bytes(column or b"") for column in cursor.fetchone())
    return VectorBatch(keys, np.frombuffer(at, dtype=">i8").astype(np.int64), unpack_vectors(lines))


# Each column as one value: to make objects of ten thousand rows would take longer than to compare them.
FETCH_BATCH = """
SELECT string_agg(uuid_send(case_id), ''), string_agg(int8send((extract(epoch FROM received_at) *
1000000)::bigint), ''),
    string_agg(vector, '')
FROM ({rows}) AS rows
"""


def to_microseconds(at: datetime) -> int:
    """A moment as `Seen` keeps it; `moment` is the way back."""
    return (at - _EPOCH) // _MICROSECOND


def from_microseconds(number: int) -> datetime:
    return _EPOCH + int(number) * _MICROSECOND


# Whoever left no telephone or address counts as somebody else in each case.
def _count_people(cases: Sequence[UUID]) -> int:
    who = Case.objects.filter(pk__in=cases).values_list("pk", "particulars__phone", "particulars__email")
    return len({phone or email or key for key, phone, email in who})
