"""What is expected of the next 14 days, as the last hour worked it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bekhedmetkom.entities.queries import get_sectors, get_tree

from ..rules.forecast import ExpectedDay, Forecast, find_scope
from ..storage import StoredForecast


@dataclass(frozen=True, slots=True)
class ForecastPair:
    """`intake` and `backlog` are None where there is too little to say anything from."""

    made_at: datetime
    intake: Forecast | None
    backlog: Forecast | None


def get_forecasts(entities: frozenset[int] | None, today: date) -> ForecastPair | None:
    """Of all bodies (None), a sector, a body, or a body with those below it; None for any other choice of bodies.

    Days that have begun are left out: what was expected of today is no news any more.
    """
    of = find_scope(entities, get_bodies_by_sector(), get_tree().subtrees)
    rows = (
        {row.measure: row for row in StoredForecast.objects.filter(scope=of.scope, key=of.key)} if of else {}
    )
    if not rows:
        return None
    made_at = next(iter(rows.values())).created_at
    return ForecastPair(
        made_at, *(_build_forecast(rows.get(what), today) for what in ("received", "waiting"))
    )


def _build_forecast(row: StoredForecast | None, today: date) -> Forecast | None:
    if row is None:
        return None
    days = [
        ExpectedDay(row.first_day + timedelta(n), *numbers)
        for n, numbers in enumerate(zip(row.low, row.expected, row.high, strict=True))
    ]
    return Forecast([one for one in days if one.day >= today], row.error, row.baseline_error, row.tested_days)


def get_bodies_by_sector() -> Mapping[int, frozenset[int]]:
    """The bodies of each sector, closed ones too."""
    return {
        sector: frozenset(body.id for body in get_tree() if body.sector == sector) for sector in get_sectors()
    }
