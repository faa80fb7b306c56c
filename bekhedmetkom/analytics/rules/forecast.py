"""What is expected of the next 14 days, with an interval from the method's own past errors.

A level that follows what comes, times what weekday, holiday and Ramadan make of it; one day that is far off moves it
little. The method is held against "as on the same weekday last week" over the last sixteen weeks, as if each of their
days had been today; where it was not better, last week's days are said. Its figures: docs/decisions, 64.

Many series at once: an array's rows are series, its columns days.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bekhedmetkom.kernel.working_calendar import WorkingCalendar

FORECAST_DAYS = 14  # days
TESTED_DAYS = 112  # days that were taken for today, one after the other, to learn how wrong it has been
WARM_UP_DAYS = 28  # days before the first of them, at least
MIN_CASES = 30  # cases in the tested weeks: below that nothing is said
COVERAGE = 0.8  # of the days that come lie within the interval
ERROR_QUANTILES = {
    False: COVERAGE,
    True: 0.9,
}  # … for which so many of the past errors must; those of a stock hang together
WEEK_DAYS = 7

# How much one day moves what is known, and how far off a day may seem (in its usual deviations) to move it.
LEVEL_RATE, TREND_RATE, WEEKDAY_RATE, HOLIDAY_RATE, SHORT_DAY_RATE, NOISE_RATE = (
    0.06,
    0.003,
    0.06,
    0.2,
    0.05,
    0.04,
)
OUTLIER_DEVIATIONS, TREND_DAMPING = 2.5, 0.97
BACKLOG_DAMPING = 0.9  # of the difference between what comes and what goes, so much is left a day later
SHARE_SCALE = 100.0

Numbers = npt.NDArray[np.float64]


class DayType(StrEnum):
    """What kind of day it is for offices."""

    ORDINARY = "usual"
    SHORT = "short"  # hours of Ramadan
    HOLIDAY = "holiday"


class CalendarDay(NamedTuple):
    weekday: int
    day_type: DayType


class ExpectedDay(NamedTuple):
    """One day: the likeliest, and where it lies with eight in ten."""

    day: date
    low: float
    expected: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """`error`: how far it was off in the tested weeks, as a share of what came; `usual_error`: the same of last week's
    days. `by_method`: whether it is the method's, or last week's days because that was no worse."""

    days: Sequence[ExpectedDay]
    error: float
    baseline_error: float
    tested_days: int  # days that were foreseen and then came

    @property
    def is_better_than_baseline(self) -> bool:
        return self.error < self.baseline_error


def build_calendar_days(calendar: WorkingCalendar, first: date, n: int) -> list[CalendarDay]:
    """What sort of day each of `n` days is."""
    return [_build_calendar_day(calendar, first + timedelta(number)) for number in range(n)]


def _build_calendar_day(calendar: WorkingCalendar, day: date) -> CalendarDay:
    if day in calendar.holidays and day.weekday() in calendar.open_days:
        return CalendarDay(day.weekday(), DayType.HOLIDAY)
    short = any(period.last is not None and period.includes(day) for period in calendar.periods)
    return CalendarDay(day.weekday(), DayType.SHORT if short else DayType.ORDINARY)


def sum_groups(counts: Numbers, groups: Sequence[Sequence[int]]) -> Numbers:
    """One series for each group of rows."""
    return np.stack([counts[list(places)].sum(axis=0) for places in groups])


def forecast_intake(came: Numbers, days: Sequence[CalendarDay], first: date) -> list[Forecast | None]:
    """What comes in, for each series; `days` goes on for 14 days after the last count, `first` is the first one's day.

    None where there are too few days or cases to say anything.
    """
    return _choose_method(came, came, lambda start: _predict(came, days, start), first, stock=False)


def forecast_backlog(
    came: Numbers, gone: Numbers, waiting: Numbers, days: Sequence[CalendarDay], first: date
) -> list[Forecast | None]:
    """What is open at the end of each day, from what comes and what goes.

    A body may answer so many a day, or a share of what waits: nobody knows, so the mean of both is said.
    """

    def told(start: int) -> Numbers:
        now = np.stack([waiting[:, end - 1] for end in range(start, waiting.shape[1] + 1)])
        before = np.maximum(np.concatenate([waiting[:, :1], waiting[:, :-1]], axis=1), 1.0)
        coming, going = _predict(came, days, start), _predict(gone, days, start)
        shares = _predict(gone / before * SHARE_SCALE, days, start) / SHARE_SCALE
        net = coming - going
        mean = net.mean(axis=1, keepdims=True)
        by_number = now[:, None] + np.cumsum(
            net - mean + mean * BACKLOG_DAMPING ** np.arange(FORECAST_DAYS)[:, None], axis=1
        )
        by_share, left = np.empty_like(by_number), now
        for step in range(FORECAST_DAYS):
            left = by_share[:, step] = left + coming[:, step] - np.minimum(shares[:, step], 1.0) * left
        said: Numbers = np.maximum((by_number + by_share) / 2, 0.0)
        return said

    return _choose_method(waiting, came, told, first, stock=True)


def predict_past_weeks(counts: Numbers, days: Sequence[CalendarDay], weeks: int) -> Numbers:
    """What the method said, before each of the last weeks began, would come in it: the last week first.

    `counts` must go back a month further than the weeks.
    """
    n = counts.shape[1]
    told = _predict(counts, days, n - WEEK_DAYS * weeks)[:-1:WEEK_DAYS, :WEEK_DAYS]
    said: Numbers = told.sum(axis=1)[::-1].T
    return said


def _choose_method(
    counts: Numbers, cases: Numbers, told_from: Callable[[int], Numbers], first: date, *, stock: bool
) -> list[Forecast | None]:
    """What the method says, or last week's days, by how wrong each was of late. `cases`: whether there are enough."""
    series, n = counts.shape
    tested = min(TESTED_DAYS, n - WARM_UP_DAYS)
    if tested < FORECAST_DAYS + 1:
        return [None] * series
    told, usual = told_from(n - tested), _predict_as_last_week(counts, n - tested)
    came = np.full_like(told[:-1], np.nan)
    for origin in range(tested):
        after = counts[:, n - tested + origin : n - tested + origin + FORECAST_DAYS]
        came[origin, : after.shape[1]] = after.T
    return [
        _build_forecast(
            told[..., one], usual[..., one], came[..., one], first + timedelta(n), ERROR_QUANTILES[stock]
        )
        if min(cases[one, n - tested :].sum(), counts[one, n - tested :].sum()) >= MIN_CASES
        else None
        for one in range(series)
    ]


def _build_forecast(told: Numbers, usual: Numbers, came: Numbers, tomorrow: date, sure: float) -> Forecast:
    """The last of what was told is for the days to come; all before it is compared with what came."""
    known = ~np.isnan(came)
    past, before = told[:-1], usual[:-1]
    total = max(float(np.nansum(came)), 1.0)
    error, usual_error = (float(np.abs(came - said)[known].sum()) / total for said in (past, before))
    said, ahead = (past, told[-1]) if error < usual_error else (before, usual[-1])
    off = np.abs(came - said) / _compute_deviation(said)
    wide = [
        float(np.quantile(part[~np.isnan(part)], sure)) for part in (off[:, :WEEK_DAYS], off[:, WEEK_DAYS:])
    ]
    margins = np.repeat(wide, WEEK_DAYS) * _compute_deviation(ahead)
    days = [
        ExpectedDay(tomorrow + timedelta(step), max(middle - margin, 0.0), middle, middle + margin)
        for step, (middle, margin) in enumerate(zip(ahead.tolist(), margins.tolist(), strict=True))
    ]
    return Forecast(days, error, usual_error, int(known.sum()))


def _compute_deviation(counts: Numbers) -> Numbers:
    """Counts scatter as their root does: an interval worked out on busy days is narrower for quiet ones."""
    deviation: Numbers = np.sqrt(np.maximum(counts, 1.0))
    return deviation


def _predict_as_last_week(counts: Numbers, start: int) -> Numbers:
    """What "as last week" would have said, from each day on."""
    ends = range(start, counts.shape[1] + 1)
    return np.stack(
        [np.tile(counts[:, end - WEEK_DAYS : end].T, (FORECAST_DAYS // WEEK_DAYS, 1)) for end in ends]
    )


def _predict(counts: Numbers, days: Sequence[CalendarDay], start: int) -> Numbers:
    """What the method would have said from each day on, and says today: it goes through the days once."""
    model, told = SmoothingModel(counts[:, : WEEK_DAYS * 4], days), []
    for place in range(counts.shape[1]):
        if place >= start:
            told.append(model.predict(days[place : place + FORECAST_DAYS]))
        model.update(counts[:, place], days[place])
    told.append(model.predict(days[counts.shape[1] :]))
    return np.stack(told)


class SmoothingModel:
    """What is known of each series so far."""

    def __init__(self, begun: Numbers, days: Sequence[CalendarDay]) -> None:
        """From the first weeks: medians, so that no single day decides."""
        weeks = begun.reshape(len(begun), -1, WEEK_DAYS)
        self.level = np.maximum(np.median(weeks.mean(axis=2), axis=1), 0.05)
        self.trend = np.zeros_like(self.level)
        by_day = np.median(weeks, axis=1) + 0.2 * self.level[:, None]
        self.weekday = np.empty_like(by_day)
        self.weekday[:, [day.weekday for day in days[:WEEK_DAYS]]] = by_day
        self.weekday *= WEEK_DAYS / self.weekday.sum(axis=1, keepdims=True)
        self.of_sort = {
            DayType.HOLIDAY: np.full_like(self.level, 0.6),
            DayType.SHORT: np.ones_like(self.level),
        }
        self.noise = np.full_like(self.level, 2.0)

    def get_day_factor(self, day: CalendarDay) -> Numbers:
        """What this sort of day makes of the level."""
        factor: Numbers = self.weekday[:, day.weekday]
        return factor if day.day_type is DayType.ORDINARY else factor * self.of_sort[day.day_type]

    def predict(self, days: Sequence[CalendarDay]) -> Numbers:
        """The days after the last that was learned, each with the level that the trend, ever weaker, brings."""
        grown = np.cumsum(TREND_DAMPING ** np.arange(1, len(days) + 1))
        return np.stack(
            [
                np.maximum(self.level + self.trend * more, 0.0) * self.get_day_factor(day)
                for more, day in zip(grown, days, strict=True)
            ]
        )

    def update(self, came: Numbers, day: CalendarDay) -> None:
        """One day more. A day far off is taken for a day at the edge of what is usual."""
        factor = self.get_day_factor(day)
        level = self.level + TREND_DAMPING * self.trend
        said = np.maximum(level * factor, 0.1)
        deviation = np.sqrt(self.noise * said)
        off = np.clip((came - said) / deviation, -OUTLIER_DEVIATIONS, OUTLIER_DEVIATIONS)
        self.noise = np.maximum(self.noise * (1 + NOISE_RATE * (off**2 - 1)), 0.5)
        moved = off * deviation
        self.level = np.maximum(level + LEVEL_RATE * moved, 0.05)
        self.trend = TREND_DAMPING * self.trend + TREND_RATE * moved
        share = moved / np.maximum(level, 0.05)
        if day.day_type is DayType.ORDINARY:
            self.weekday[:, day.weekday] = np.maximum(
                self.weekday[:, day.weekday] + WEEKDAY_RATE * share, 0.02
            )
            self.weekday *= WEEK_DAYS / self.weekday.sum(axis=1, keepdims=True)
        else:
            kept = HOLIDAY_RATE if day.day_type is DayType.HOLIDAY else SHORT_DAY_RATE
            learned = self.of_sort[day.day_type] + kept * share / np.maximum(
                self.weekday[:, day.weekday], 0.05
            )
            self.of_sort[day.day_type] = np.clip(learned, 0.02, 3.0)


class Scope(StrEnum):
    NATION = "nation"
    SECTOR = "sector"
    BELOW = "below"
    ENTITY = "entity"


class ScopeKey(NamedTuple):
    """`key` is that of the sector or the body; 0 for the country."""

    scope: Scope
    key: int


NATION_SCOPE = ScopeKey(Scope.NATION, 0)


def list_scopes(
    sectors: Mapping[int, Collection[int]], below: Mapping[int, Collection[int]]
) -> Iterator[tuple[ScopeKey, frozenset[int] | None]]:
    """All of them with their bodies (None: every one), from the widest."""
    yield NATION_SCOPE, None
    for sector, bodies in sectors.items():
        yield ScopeKey(Scope.SECTOR, sector), frozenset(bodies)
    for body, under in below.items():
        if len(under) > 1:
            yield ScopeKey(Scope.BELOW, body), frozenset(under)
        yield ScopeKey(Scope.ENTITY, body), frozenset({body})


def find_scope(
    bodies: frozenset[int] | None,
    sectors: Mapping[int, Collection[int]],
    below: Mapping[int, Collection[int]],
) -> ScopeKey | None:
    """What is kept for just these bodies, if anything is."""
    return next((of for of, those in list_scopes(sectors, below) if those == bodies), None)
