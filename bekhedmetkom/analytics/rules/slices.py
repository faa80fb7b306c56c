"""Which part of the country, and which days, somebody looks at."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, Self

# Each lies whole in one of the next: where a month ends within a week, that is two.
SPANS = ("day", "week", "month", "year")
MAX_DAILY_STEPS = 92  # days; a longer course goes by weeks
ONE_DAY = timedelta(days=1)
SATURDAY = 5  # as `date.weekday` has it; the last day of a week


class SpanRun(NamedTuple):
    """Rows of one span, one after the other; `first` and `last` are those by which the two at its ends begin."""

    span: str
    first: date
    last: date
    sign: int = 1

    @property
    def end(self) -> date:
        """The last day of the last row."""
        return _get_span_end(self.span, self.last)


@dataclass(frozen=True, slots=True)
class Slice:
    """Days from `start` to `end`, both within it, and what narrows them. Keys are those of the database.

    `entities`: a sector's or a body's, `None` for all. Cases that are kept with care have no unit, topic or place.
    """

    start: date
    end: date
    entities: frozenset[int] | None = None
    unit: int | None = None
    kind: str | None = None
    service: int | None = None
    governorate: int | None = None
    channel: str | None = None
    language: str | None = None

    @property
    def day_count(self) -> int:
        return (self.end - self.start).days + 1

    def get_previous_period(self) -> Self:
        """The same number of days right before; of a whole month the month before, of its first days as many."""
        if self.start.day == 1 and self.start.replace(day=1) == self.end.replace(day=1):
            last = self.start - timedelta(days=1)
            whole = self.end.day == monthrange(self.end.year, self.end.month)[1]
            return replace(
                self,
                start=last.replace(day=1),
                end=last if whole else last.replace(day=min(self.end.day, last.day)),
            )
        return replace(
            self, start=self.start - timedelta(days=self.day_count), end=self.start - timedelta(days=1)
        )

    def get_same_period_last_year(self) -> Self:
        """The same days a year ago; the 29th of February is then the 28th."""
        return replace(self, start=_get_same_day_last_year(self.start), end=_get_same_day_last_year(self.end))

    def limit_to_last_days(self, n: int) -> Self:
        """The last `n` of them, or all there are."""
        return replace(self, start=max(self.start, self.end - (n - 1) * ONE_DAY))

    def list_runs(self) -> Sequence[SpanRun]:
        """In as few rows as these days' sums can be read from; runs with sign -1 are subtracted."""
        return _build_runs(self.start, self.end)

    def list_weekly_runs(self) -> Sequence[SpanRun]:
        """In few rows of which none lies in two weeks."""
        return _merge_pieces(_cover_by_shorter_spans("month", self.start, self.end))

    def list_steps(self) -> list[tuple[date, int]]:
        """By which days its course is told, and of how many days each tells: all, or the ends of a long one's weeks."""
        if self.day_count <= MAX_DAILY_STEPS:
            return [(self.start + n * ONE_DAY, 1) for n in range(self.day_count)]
        steps, first = [], self.start
        while first <= self.end:
            last = min(get_week_end(first), self.end)
            steps.append((last, (last - first).days + 1))
            first = last + ONE_DAY
        return steps


SpanPiece = tuple[int, str, date]  # sign, span, its first day


@lru_cache(1000)
def _build_runs(start: date, end: date) -> Sequence[SpanRun]:
    if start > end:
        return ()
    pieces = [
        piece for year in range(start.year, end.year + 1)
        for piece in _cover_span("year", date(year, 1, 1), max(start, date(year, 1, 1)), min(end, date(year, 12, 31)))
    ]  # fmt: skip
    return _merge_pieces(pieces)


def _merge_pieces(pieces: Iterable[SpanPiece]) -> tuple[SpanRun, ...]:
    runs: list[SpanRun] = []
    for sign, span, first in sorted(pieces):
        if runs and runs[-1][::3] == (span, sign) and runs[-1].end + ONE_DAY == first:
            runs[-1] = runs[-1]._replace(last=first)
        else:
            runs.append(SpanRun(span, first, first, sign))
    return tuple(runs)


def _cover_span(span: str, first: date, start: date, end: date) -> list[SpanPiece]:
    """Days within one span: by shorter ones, or the whole of it less those that are not meant."""
    last = _get_span_end(span, first)
    if (start, end) == (first, last):
        return [(1, span, first)]
    within = _cover_by_shorter_spans(span, start, end)
    without = [
        *_cover_by_shorter_spans(span, first, start - ONE_DAY),
        *_cover_by_shorter_spans(span, end + ONE_DAY, last),
    ]
    return (
        within
        if len(within) <= 1 + len(without)
        else [(1, span, first), *((-sign, shorter, day) for sign, shorter, day in without)]
    )


def _cover_by_shorter_spans(span: str, start: date, end: date) -> list[SpanPiece]:
    shorter = SPANS[SPANS.index(span) - 1]
    pieces, day = [], start
    while day <= end:
        first = get_span_start(shorter, day)
        last = min(end, _get_span_end(shorter, first))
        pieces += _cover_span(shorter, first, day, last)
        day = last + ONE_DAY
    return pieces


def list_spans(span: str, start: date, end: date) -> list[SpanRun]:
    """Every span of that length that has one of these days, by itself."""
    runs: list[SpanRun] = []
    while start <= end:
        runs.append(SpanRun(span, get_span_start(span, start), get_span_start(span, start)))
        start = runs[-1].end + ONE_DAY
    return runs


def get_span_start(span: str, day: date) -> date:
    """The first day of the span in which it lies."""
    match span:
        case "week":
            return max(get_week_end(day) - 6 * ONE_DAY, day.replace(day=1))
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
    return day


def get_week_end(day: date) -> date:
    """The Saturday of its week."""
    return day + (SATURDAY - day.weekday()) % 7 * ONE_DAY


def _get_span_end(span: str, first: date) -> date:
    """The last day of the span that begins there."""
    match span:
        case "week":
            return min(get_week_end(first), _get_span_end("month", first))
        case "month":
            return first.replace(day=monthrange(first.year, first.month)[1])
        case "year":
            return first.replace(month=12, day=31)
    return first


def _get_same_day_last_year(day: date) -> date:
    last = monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))
