"""Working out what is expected: each hour, for everybody at once."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from bekhedmetkom.entities.queries import get_tree, get_working_calendar
from bekhedmetkom.kernel.clock import get_local_date

from ..queries.forecast import get_bodies_by_sector
from ..rules import forecast as rules
from ..rules.forecast import FORECAST_DAYS, Forecast, ScopeKey, list_scopes
from ..storage import StoredForecast
from ..time_series import DailySeries, get_daily_series

RECEIVED, WAITING = "received", "waiting"
UPDATED_FIELDS = (
    "first_day",
    "low",
    "expected",
    "high",
    "error",
    "baseline_error",
    "tested_days",
    "created_at",
)


def update_forecasts(at: datetime) -> int:
    """Replace what was expected by what is now; how many figures that are."""
    found = get_daily_series(get_local_date(at))
    rows = [
        StoredForecast(
            scope=of.scope,
            key=of.key,
            measure=what,
            created_at=at,
            first_day=said.days[0].day,
            low=[day.low for day in said.days],
            expected=[day.expected for day in said.days],
            high=[day.high for day in said.days],
            error=said.error,
            baseline_error=said.baseline_error,
            tested_days=said.tested_days,
        )
        for what, every in _compute_forecasts(found).items()
        for of, said in every.items()
        if said
    ]
    with transaction.atomic():
        StoredForecast.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["scope", "key", "measure"],
            update_fields=UPDATED_FIELDS,
        )
        StoredForecast.objects.exclude(created_at=at).delete()
    return len(rows)


def _compute_forecasts(found: DailySeries) -> Mapping[str, Mapping[ScopeKey, Forecast | None]]:
    members = {
        of: _list_series_rows(bodies, found)
        for of, bodies in list_scopes(get_bodies_by_sector(), get_tree().subtrees)
    }
    some = [of for of, places in members.items() if places]
    if not some:
        return {}
    days = rules.build_calendar_days(get_working_calendar(), found.first_day, found.day_count + FORECAST_DAYS)
    came, entered, gone, waiting = (
        rules.sum_groups(found.measures[name], [members[of] for of in some])
        for name in ("received", "entered", "gone", "waiting")
    )
    return {
        RECEIVED: dict(zip(some, rules.forecast_intake(came, days, found.first_day), strict=True)),
        WAITING: dict(
            zip(some, rules.forecast_backlog(entered, gone, waiting, days, found.first_day), strict=True)
        ),
    }


def _list_series_rows(bodies: frozenset[int] | None, found: DailySeries) -> list[int]:
    return [row for entity, row in found.row_of_body.items() if bodies is None or entity in bodies]
