"""What a decision maker sees at once: figures, trend, ranking, places, topics, backlog, flows, channels, hours.

In six statements, whatever the slice.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import add
from typing import Any

from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date

from ..rollups import PROJECTION_NAME
from ..rules.alerts import BandSide
from ..rules.forecast import ExpectedDay, Forecast, find_scope
from ..rules.indicators import INDICATORS
from ..rules.measures import Histogram
from ..rules.slices import MAX_DAILY_STEPS, Slice, SpanRun, get_week_end
from ..rules.totals import IndicatorValue, Totals
from .alerts import AlertDetails, get_reach
from .breakdowns import get_breakdowns
from .dashboard_data import Dashboard, FlowRow, HourlyCases, IndicatorComparison, TrendStep
from .forecast import get_bodies_by_sector
from .rollup_sums import (
    BEGINNING,
    RUNS_SOURCE,
    RollupPart,
    build_rows_query,
    encode_runs,
    fetch_rows,
    get_histograms,
    get_sums,
    list_daily_parts,
    list_earlier_parts,
    list_parts,
    list_weekly_parts,
)

WEEKS_FOR_USUAL_HOURS = 8  # whose same weekday is the usual
MAX_FLOWS = 20
TREND_MEASURES = (  # what a trend is made of
    "received",
    "answered",
    "kept",
    "missed",
    "yes",
    "no",
    "entered",
    "gone",
    "late_in",
    "late_out",
)
NO_COUNTS = [0] * len(TREND_MEASURES)
RECENT_DAYS = 14  # days that are told one by one, however long the slice


def get_dashboard(wanted: Slice, at: datetime) -> Dashboard:
    """Everything about a slice, as the roll-ups have it at this moment. Six statements."""
    today = get_local_date(at)
    now, then, year = wanted, wanted.get_previous_period(), wanted.get_same_period_last_year()
    usual = [today - timedelta(weeks=week) for week in range(1, WEEKS_FOR_USUAL_HOURS + 1)]
    a_year_ago = "before" if then == year else "year"  # of a year they are the same, and read once
    earlier, past = {"before": then, a_year_ago: year}, (("before", then), ("year", year))
    periods = [part for label, days in {"now": now, **earlier}.items() for part in list_parts(label, days)]
    until = [
        part
        for label, days in earlier.items()
        for part in list_parts(f"to {label}", Slice(BEGINNING, days.end))
    ]
    of = get_sums(wanted, [*periods, *until, *list_earlier_parts("to now", now)])
    hourly = [RollupPart("usual", SpanRun("day", day, day)) for day in usual] + [
        RollupPart("today", SpanRun("day", today, today))
    ]
    histograms = get_histograms(wanted, periods, hourly)
    (trend, lately), (read, began) = _get_trend(now, Totals(of.get("to now", {}))), _get_recorded_period(at)
    totals = {
        "now": Totals(
            of.get("now", {}),
            histograms.get("now", {}),
            trend[-1].waiting if trend else 0,
            trend[-1].late if trend else 0,
        ),
        "before": _build_totals(of.get("before", {}), histograms.get("before", {}), of.get("to before", {})),
        "year": _build_totals(
            of.get(a_year_ago, {}), histograms.get(a_year_ago, {}), of.get(f"to {a_year_ago}", {})
        ),
    }
    figures = {
        key: IndicatorComparison(
            key,
            one.get_value(totals["now"]),
            *(
                one.get_value(totals[label]) if began and began <= days.end else IndicatorValue(None, 0)
                for label, days in past
            ),
        )
        for key, one in INDICATORS.items()
    }
    return Dashboard(
        wanted,
        at,
        read,
        figures,
        trend,
        lately,
        **get_breakdowns(wanted, today),
        flows=_list_flows(wanted),
        hours=_build_hours(histograms.get("today", {}), histograms.get("usual", {})),
    )


def get_recorded_until(at: datetime) -> datetime:
    """Up to when everything that was recorded is in the roll-ups: now, unless their follower has something to read."""
    return _get_recorded_period(at)[0]


def get_first_day() -> date | None:
    """The first day of which anything is in the roll-ups."""
    first: date | None = fetch_rows(RECORDED_PERIOD, {"name": PROJECTION_NAME})[0][1]
    return first


def _get_recorded_period(at: datetime) -> tuple[datetime, date | None]:
    """`as_of`, and the first day of all: before it a count is no nought, for there was nothing to count."""
    ((unread, first),) = fetch_rows(RECORDED_PERIOD, {"name": PROJECTION_NAME})
    return min(unread, at) if unread else at, first


def _build_totals(
    counts: Mapping[str, int], histograms: Mapping[Histogram, Mapping[int, int]], ever: Mapping[str, int]
) -> Totals:
    """The sums of a period, and what was open at its end."""
    since = Totals(ever)
    return Totals(counts, histograms, since["entered"] - since["gone"], since["late_in"] - since["late_out"])


def list_trend_steps(wanted: Slice) -> list[TrendStep]:
    """The steps of a slice without the rest of its board. Two statements."""
    return _get_trend(
        wanted, Totals(get_sums(wanted, [*list_earlier_parts("to now", wanted)]).get("to now", {}))
    )[0]


def _get_trend(wanted: Slice, ever: Totals) -> tuple[list[TrendStep], list[TrendStep]]:
    """The slice step by step, and its last days; also what nothing happened in. One statement. `ever`: all that came
    before."""
    by_week, lately = wanted.day_count > MAX_DAILY_STEPS, wanted.limit_to_last_days(RECENT_DAYS)
    of = (
        [*list_weekly_parts("step", wanted), *list_daily_parts("day", lately)]
        if by_week
        else list_daily_parts("step", wanted)
    )
    source, values = build_rows_query(wanted, of, f"day, {', '.join(TREND_MEASURES)}")
    found: dict[tuple[str, date], Sequence[int]] = {}
    for label, day, *counts in fetch_rows(
        f"SELECT label, day, {', '.join(f'coalesce(sum(sign * {name}), 0)' for name in TREND_MEASURES)}"
        f" FROM ({source}) AS of GROUP BY label, day",
        values,
    ):
        key = label, min(get_week_end(day), wanted.end) if by_week and label == "step" else day
        found[key] = [*map(add, found[key], counts)] if key in found else counts
    trend = _build_steps(
        [(day, days, found.get(("step", day), NO_COUNTS)) for day, days in wanted.list_steps()],
        ever["entered"] - ever["gone"],
        ever["late_in"] - ever["late_out"],
    )
    if not by_week:
        return trend, trend[-RECENT_DAYS:]
    last = [(day, days, found.get(("day", day), NO_COUNTS)) for day, days in lately.list_steps()]
    end, moved = trend[-1], _build_steps(last, 0, 0)[-1]
    return trend, _build_steps(last, end.waiting - moved.waiting, end.late - moved.late)


def _build_steps(of: Iterable[tuple[date, int, Sequence[int]]], waiting: int, late: int) -> list[TrendStep]:
    """Days, or weeks by their last day, each with its sums; and what was open before the first."""
    steps = []
    for day, days, counts in of:
        moved = dict(zip(TREND_MEASURES, counts, strict=True))
        waiting += moved["entered"] - moved["gone"]
        late += moved["late_in"] - moved["late_out"]
        steps.append(TrendStep(day, Totals(moved), waiting, late, days))
    return steps


def _list_flows(wanted: Slice) -> list[FlowRow]:
    """The most frequent ways from one body to another, into the slice's bodies or out of them."""
    ours = "ANY ((SELECT %s)::int[])"  # not seen when it is planned: see `RUNS`
    among = "" if wanted.entities is None else f"AND (sent_from = {ours} OR sent_to = {ours})"
    bodies = [] if wanted.entities is None else [sorted(wanted.entities)] * 2
    found = fetch_rows(
        f"SELECT sent_from, sent_to, sum(sign * cases)::int AS cases FROM {RUNS_SOURCE},"
        " LATERAL (SELECT sent_from, sent_to, cases FROM analytics_flow"
        f" WHERE span = run.span AND day BETWEEN run.first AND run.last {among} OFFSET 0) AS found"
        " GROUP BY sent_from, sent_to HAVING sum(sign * cases) > 0"
        f" ORDER BY cases DESC, sent_from, sent_to LIMIT {MAX_FLOWS}",
        [encode_runs(("", *run) for run in wanted.list_runs()), *bodies],
    )
    return [FlowRow(*row) for row in found]


def _build_hours(
    today: Mapping[Histogram, Mapping[int, int]], usual: Mapping[Histogram, Mapping[int, int]]
) -> HourlyCases:
    came, before_ = today.get(Histogram.RECEIPT_HOUR, {}), usual.get(Histogram.RECEIPT_HOUR, {})
    return HourlyCases(
        [came.get(hour, 0) for hour in range(24)],
        [before_.get(hour, 0) / WEEKS_FOR_USUAL_HOURS for hour in range(24)],
    )


# From its cursor on, in the feed's order (as cases.feed.LAG): who has read all finds nothing, and looks at nothing.
RECORDED_PERIOD = """
SELECT (SELECT e.recorded_at
        FROM (SELECT coalesce(max(epoch), 0), coalesce(max(xid), 0)::text::xid8, coalesce(max(event), 0)
              FROM follower WHERE name = %(name)s) f (epoch, xid, event),
        LATERAL (SELECT recorded_at FROM event e WHERE (e.epoch, e.xid, e.id) > (f.epoch, f.xid, f.event)
                 ORDER BY e.epoch, e.xid, e.id LIMIT 1) e),
       (SELECT day FROM analytics_rollup WHERE grain = 0 AND span = 'day' ORDER BY day LIMIT 1)
"""


def get_forecast_and_alerts(
    viewer: Actor, entities: frozenset[int] | None, today: date
) -> tuple[Forecast | None, list[AlertDetails]]:
    """What is expected to come in, and the alerts that stand and are not muted for the viewer. One statement."""
    of = find_scope(entities, get_bodies_by_sector(), get_tree().subtrees)
    scope, key = (of.scope, of.key) if of else ("", 0)
    bodies = None if entities is None else sorted(entities)
    said = {"scope": scope, "key": key, "bodies": bodies, "today": today, "reach": get_reach(viewer)}
    expected, alerts = None, []
    for what, row in fetch_rows(FORECAST_AND_ALERTS, said):
        kept = json.loads(row) if isinstance(row, str) else row
        if what == "expected":
            expected = _parse_forecast(kept, today)
        else:
            alerts.append(_parse_alert(kept))
    return expected, alerts


FORECAST_AND_ALERTS = """
SELECT 'expected', to_jsonb(f) FROM analytics_forecast f WHERE measure = 'received' AND scope = %(scope)s AND key
= %(key)s
UNION ALL
(SELECT 'alert', to_jsonb(a) FROM analytics_alert a
 WHERE ended_on IS NULL AND (%(bodies)s::bigint[] IS NULL OR entity_id = ANY (%(bodies)s::bigint[]))
   AND NOT EXISTS (SELECT FROM analytics_mute m
                   WHERE m.entity_id = a.entity_id AND m.indicator = a.indicator
                     AND until >= %(today)s AND body_count >= %(reach)s)
 ORDER BY started_on DESC, id)
"""


def _parse_forecast(row: dict[str, Any], today: date) -> Forecast:
    first = date.fromisoformat(row["first_day"]).toordinal()
    days = [
        ExpectedDay(date.fromordinal(first + n), *numbers)
        for n, numbers in enumerate(zip(row["low"], row["expected"], row["high"], strict=True))
    ]
    return Forecast(
        [day for day in days if day.day >= today], row["error"], row["baseline_error"], row["tested_days"]
    )


def _parse_alert(row: dict[str, Any]) -> AlertDetails:
    started_on, value_on = (date.fromisoformat(row[name]) for name in ("started_on", "value_on"))
    return AlertDetails(
        row["id"],
        row["entity_id"],
        row["indicator"],
        BandSide(row["side"]),
        started_on,
        value_on,
        row["value"],
        row["observations"],
        row["low"],
        row["middle"],
        row["high"],
        tuple(row["baseline_values"]),
        None,
        "",
        None,
    )
