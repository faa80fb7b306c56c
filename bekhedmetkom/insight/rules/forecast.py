"""What is expected of the next 14 days, with an interval from the method's own past errors.

A level that follows what comes, times what weekday, holiday and Ramadan make of it; one day that is far off moves it
little. The method is held against "as on the same weekday last week" over the last sixteen weeks, as if each of their
days had been today; where it was not better, last week's days are said. Its figures: docs/decisions, 64.

Many series at once: an array's rows are series, its columns days.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bekhedmetkom.kernel.working_calendar import WorkingCalendar

AHEAD = 14  # days
TESTED = 112  # days that were taken for today, one after the other, to learn how wrong it has been
WARM = 28  # days before the first of them, at least
LEAST = 30  # cases in the tested weeks: below that nothing is said
SURE = 0.8  # of the days that come lie within the interval
OF_PAST = {
    False: SURE,
    True: 0.9,
}  # … for which so many of the past errors must; those of a stock hang together
WEEK = 7

# How much one day moves what is known, and how far off a day may seem (in its usual deviations) to move it.
LEVEL, TREND, WEEKDAY, HOLIDAY, SHORT, NOISE = 0.06, 0.003, 0.06, 0.2, 0.05, 0.04
FAR, DAMPED = 2.5, 0.97
SETTLES = 0.9  # of the difference between what comes and what goes, so much is left a day later
A_HUNDRED = 100.0

Numbers = npt.NDArray[np.float64]


class Sort(StrEnum):
    """What kind of day it is for offices."""

    USUAL = "usual"
    SHORT = "short"  # hours of Ramadan
    HOLIDAY = "holiday"


class Day(NamedTuple):
    weekday: int
    sort: Sort


class Expected(NamedTuple):
    """One day: the likeliest, and where it lies with eight in ten."""

    day: date
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """`error`: how far it was off in the tested weeks, as a share of what came; `usual_error`: the same of last week's
    days. `by_method`: whether it is the method's, or last week's days because that was no worse."""

    days: Sequence[Expected]
    error: float
    usual_error: float
    tested: int  # days that were foreseen and then came

    @property
    def by_method(self) -> bool:
        return self.error < self.usual_error


def days_of(calendar: WorkingCalendar, first: date, n: int) -> list[Day]:
    """What sort of day each of `n` days is."""
    return [_day(calendar, first + timedelta(number)) for number in range(n)]


def _day(calendar: WorkingCalendar, day: date) -> Day:
    if day in calendar.holidays and day.weekday() in calendar.open_days:
        return Day(day.weekday(), Sort.HOLIDAY)
    short = any(period.last is not None and period.covers(day) for period in calendar.periods)
    return Day(day.weekday(), Sort.SHORT if short else Sort.USUAL)


def summed(counts: Numbers, groups: Sequence[Sequence[int]]) -> Numbers:
    """One series for each group of rows."""
    return np.stack([counts[list(places)].sum(axis=0) for places in groups])


def intake(came: Numbers, days: Sequence[Day], first: date) -> list[Forecast | None]:
    """What comes in, for each series; `days` goes on for 14 days after the last count, `first` is the first one's day.

    None where there are too few days or cases to say anything.
    """
    return _judged(came, came, lambda start: _told(came, days, start), first, stock=False)


def backlog(
    came: Numbers, gone: Numbers, waiting: Numbers, days: Sequence[Day], first: date
) -> list[Forecast | None]:
    """What is open at the end of each day, from what comes and what goes.

    A body may answer so many a day, or a share of what waits: nobody knows, so the mean of both is said.
    """

    def told(start: int) -> Numbers:
        now = np.stack([waiting[:, end - 1] for end in range(start, waiting.shape[1] + 1)])
        before = np.maximum(np.concatenate([waiting[:, :1], waiting[:, :-1]], axis=1), 1.0)
        coming, going = _told(came, days, start), _told(gone, days, start)
        shares = _told(gone / before * A_HUNDRED, days, start) / A_HUNDRED
        net = coming - going
        mean = net.mean(axis=1, keepdims=True)
        by_number = now[:, None] + np.cumsum(net - mean + mean * SETTLES ** np.arange(AHEAD)[:, None], axis=1)
        by_share, left = np.empty_like(by_number), now
        for step in range(AHEAD):
            left = by_share[:, step] = left + coming[:, step] - np.minimum(shares[:, step], 1.0) * left
        said: Numbers = np.maximum((by_number + by_share) / 2, 0.0)
        return said

    return _judged(waiting, came, told, first, stock=True)


def by_week(counts: Numbers, days: Sequence[Day], weeks: int) -> Numbers:
    """What the method said, before each of the last weeks began, would come in it: the last week first.

    `counts` must go back a month further than the weeks.
    """
    n = counts.shape[1]
    told = _told(counts, days, n - WEEK * weeks)[:-1:WEEK, :WEEK]
    said: Numbers = told.sum(axis=1)[::-1].T
    return said


def _judged(
    counts: Numbers, cases: Numbers, told_from: Callable[[int], Numbers], first: date, *, stock: bool
) -> list[Forecast | None]:
    """What the method says, or last week's days, by how wrong each was of late. `cases`: whether there are enough."""
    series, n = counts.shape
    tested = min(TESTED, n - WARM)
    if tested < AHEAD + 1:
        return [None] * series
    told, usual = told_from(n - tested), _last_week(counts, n - tested)
    came = np.full_like(told[:-1], np.nan)
    for origin in range(tested):
        after = counts[:, n - tested + origin : n - tested + origin + AHEAD]
        came[origin, : after.shape[1]] = after.T
    return [
        _forecast(told[..., one], usual[..., one], came[..., one], first + timedelta(n), OF_PAST[stock])
        if min(cases[one, n - tested :].sum(), counts[one, n - tested :].sum()) >= LEAST
        else None
        for one in range(series)
    ]


def _forecast(told: Numbers, usual: Numbers, came: Numbers, tomorrow: date, sure: float) -> Forecast:
    """The last of what was told is for the days to come; all before it is compared with what came."""
    known = ~np.isnan(came)
    past, before = told[:-1], usual[:-1]
    total = max(float(np.nansum(came)), 1.0)
    error, usual_error = (float(np.abs(came - said)[known].sum()) / total for said in (past, before))
    said, ahead = (past, told[-1]) if error < usual_error else (before, usual[-1])
    off = np.abs(came - said) / _deviation(said)
    wide = [float(np.quantile(part[~np.isnan(part)], sure)) for part in (off[:, :WEEK], off[:, WEEK:])]
    spreads = np.repeat(wide, WEEK) * _deviation(ahead)
    days = [
        Expected(tomorrow + timedelta(step), max(middle - spread, 0.0), middle, middle + spread)
        for step, (middle, spread) in enumerate(zip(ahead.tolist(), spreads.tolist(), strict=True))
    ]
    return Forecast(days, error, usual_error, int(known.sum()))


def _deviation(counts: Numbers) -> Numbers:
    """Counts scatter as their root does: an interval worked out on busy days is narrower for quiet ones."""
    deviation: Numbers = np.sqrt(np.maximum(counts, 1.0))
    return deviation


def _last_week(counts: Numbers, start: int) -> Numbers:
    """What "as last week" would have said, from each day on."""
    ends = range(start, counts.shape[1] + 1)
    return np.stack([np.tile(counts[:, end - WEEK : end].T, (AHEAD // WEEK, 1)) for end in ends])


def _told(counts: Numbers, days: Sequence[Day], start: int) -> Numbers:
    """What the method would have said from each day on, and says today: it goes through the days once."""
    model, told = Model(counts[:, : WEEK * 4], days), []
    for place in range(counts.shape[1]):
        if place >= start:
            told.append(model.ahead(days[place : place + AHEAD]))
        model.learn(counts[:, place], days[place])
    told.append(model.ahead(days[counts.shape[1] :]))
    return np.stack(told)


class Model:
    """What is known of each series so far."""

    def __init__(self, begun: Numbers, days: Sequence[Day]) -> None:
        """From the first weeks: medians, so that no single day decides."""
        weeks = begun.reshape(len(begun), -1, WEEK)
        self.level = np.maximum(np.median(weeks.mean(axis=2), axis=1), 0.05)
        self.trend = np.zeros_like(self.level)
        by_day = np.median(weeks, axis=1) + 0.2 * self.level[:, None]
        self.weekday = np.empty_like(by_day)
        self.weekday[:, [day.weekday for day in days[:WEEK]]] = by_day
        self.weekday *= WEEK / self.weekday.sum(axis=1, keepdims=True)
        self.of_sort = {Sort.HOLIDAY: np.full_like(self.level, 0.6), Sort.SHORT: np.ones_like(self.level)}
        self.noise = np.full_like(self.level, 2.0)

    def factor(self, day: Day) -> Numbers:
        """What this sort of day makes of the level."""
        factor: Numbers = self.weekday[:, day.weekday]
        return factor if day.sort is Sort.USUAL else factor * self.of_sort[day.sort]

    def ahead(self, days: Sequence[Day]) -> Numbers:
        """The days after the last that was learned, each with the level that the trend, ever weaker, brings."""
        grown = np.cumsum(DAMPED ** np.arange(1, len(days) + 1))
        return np.stack(
            [
                np.maximum(self.level + self.trend * more, 0.0) * self.factor(day)
                for more, day in zip(grown, days, strict=True)
            ]
        )

    def learn(self, came: Numbers, day: Day) -> None:
        """One day more. A day far off is taken for a day at the edge of what is usual."""
        factor = self.factor(day)
        level = self.level + DAMPED * self.trend
        said = np.maximum(level * factor, 0.1)
        deviation = np.sqrt(self.noise * said)
        off = np.clip((came - said) / deviation, -FAR, FAR)
        self.noise = np.maximum(self.noise * (1 + NOISE * (off**2 - 1)), 0.5)
        moved = off * deviation
        self.level = np.maximum(level + LEVEL * moved, 0.05)
        self.trend = DAMPED * self.trend + TREND * moved
        share = moved / np.maximum(level, 0.05)
        if day.sort is Sort.USUAL:
            self.weekday[:, day.weekday] = np.maximum(self.weekday[:, day.weekday] + WEEKDAY * share, 0.02)
            self.weekday *= WEEK / self.weekday.sum(axis=1, keepdims=True)
        else:
            kept = HOLIDAY if day.sort is Sort.HOLIDAY else SHORT
            learned = self.of_sort[day.sort] + kept * share / np.maximum(self.weekday[:, day.weekday], 0.05)
            self.of_sort[day.sort] = np.clip(learned, 0.02, 3.0)
