"""Day by day figures of every body, read from the roll-ups: what is expected and what is unusual is made of them."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from django.db.models import Sum
from django.db.models.functions import Coalesce

from .models import RollUp
from .rules.forecast import Numbers
from .rules.grains import find_grain

MAX_DAYS = 800  # days, at most
DAILY_MEASURES = (
    "received",
    "answered",
    "entered",
    "gone",
    "late_in",
    "late_out",
    "kept",
    "missed",
    "yes",
    "no",
)


class DailySeries(NamedTuple):
    """`first` is the day of the first column; `rows` says in which row a body stands; `of` has an array a measure.

    `waiting` and `late` are what was open, and of it past its date, at the end of each day.
    """

    first_day: date
    row_of_body: dict[int, int]
    measures: dict[str, Numbers]

    @property
    def day_count(self) -> int:
        return int(self.measures["received"].shape[1])


def get_daily_series(today: date) -> DailySeries:
    """Up to yesterday, from the first day on which anything came; without a day where nothing has."""
    since = (today - timedelta(days=MAX_DAYS)).replace(day=1)
    of_bodies = RollUp.objects.filter(grain=find_grain({"entity"}))
    days = of_bodies.filter(span="day", day__gte=since, day__lt=today)
    found = list(days.values_list("entity", "day", *(Coalesce(name, 0) for name in DAILY_MEASURES)))
    stocks = of_bodies.filter(span="month", day__lt=since).values_list("entity").annotate(
        stood=Sum(Coalesce("entered", 0) - Coalesce("gone", 0)),
        stood_late=Sum(Coalesce("late_in", 0) - Coalesce("late_out", 0)),
    )  # fmt: skip
    before = {entity: stock for entity, *stock in stocks}
    first = min((day for _entity, day, *_sums in found), default=today)
    rows = {entity: row for row, entity in enumerate(sorted({*before, *(row[0] for row in found)}))}
    sums = np.zeros((len(DAILY_MEASURES), len(rows), (today - first).days))
    for entity, day, *numbers in found:
        sums[:, rows[entity], (day - first).days] = numbers
    of = dict(zip(DAILY_MEASURES, sums, strict=True))
    stock = np.array([before.get(entity, (0, 0)) for entity in rows], dtype=float).reshape(-1, 2)
    of["waiting"] = stock[:, :1] + np.cumsum(of["entered"] - of["gone"], axis=1)
    of["late"] = stock[:, 1:] + np.cumsum(of["late_in"] - of["late_out"], axis=1)
    return DailySeries(first, rows, of)
