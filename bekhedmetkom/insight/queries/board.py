"""What a decision maker sees at once: figures, trend, ranking, places, topics, backlog, flows, channels, hours.

In six statements, whatever the slice.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import add

from bekhedmetkom.kernel.clock import get_local_date

from ..rollups import FOLLOWER
from ..rules.indicators import INDICATORS
from ..rules.measures import Spread
from ..rules.slices import LONG, Run, Slice, end_of_week
from ..rules.totals import Reading, Totals
from .groups import grouped
from .reading import (
    BEGINNING,
    RUNS,
    Part,
    asked,
    before,
    by_weeks,
    day_by_day,
    listed,
    parts,
    rows,
    spreads,
    sums,
)  # fmt: skip
from .shape import Board, Figure, Flow, Hours, Step

WEEKS = 8  # whose same weekday is the usual
FLOWS = 20
DAILY = (  # what a trend is made of
    "received", "answered", "kept", "missed", "yes", "no", "entered", "gone", "late_in", "late_out",
)  # fmt: skip
NOTHING = [0] * len(DAILY)
LATELY = 14  # days that are told one by one, however long the slice


def board(wanted: Slice, at: datetime) -> Board:
    """Everything about a slice, as the roll-ups have it at this moment. Six statements."""
    today = get_local_date(at)
    now, then, year = wanted, wanted.before(), wanted.last_year()
    usual = [today - timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    a_year_ago = "before" if then == year else "year"  # of a year they are the same, and read once
    earlier, past = {"before": then, a_year_ago: year}, (("before", then), ("year", year))
    periods = [part for label, days in {"now": now, **earlier}.items() for part in parts(label, days)]
    until = [
        part for label, days in earlier.items() for part in parts(f"to {label}", Slice(BEGINNING, days.end))
    ]
    of = sums(wanted, [*periods, *until, *before("to now", now)])
    hourly = [Part("usual", Run("day", day, day)) for day in usual] + [
        Part("today", Run("day", today, today))
    ]
    spreads_ = spreads(wanted, periods, hourly)
    (trend, lately), (read, began) = _trend(now, Totals(of.get("to now", {}))), _recorded(at)
    totals = {
        "now": Totals(
            of.get("now", {}), spreads_.get("now", {}),
            trend[-1].waiting if trend else 0, trend[-1].late if trend else 0,
        ),
        "before": _standing(of.get("before", {}), spreads_.get("before", {}), of.get("to before", {})),
        "year": _standing(
            of.get(a_year_ago, {}), spreads_.get(a_year_ago, {}), of.get(f"to {a_year_ago}", {})
        ),
    }  # fmt: skip
    figures = {
        key: Figure(
            key, one.of(totals["now"]),
            *(one.of(totals[label]) if began and began <= days.end else Reading(None, 0) for label, days in past),
        )
        for key, one in INDICATORS.items()
    }  # fmt: skip
    return Board(
        wanted, at, read, figures, trend, lately, **grouped(wanted, today), flows=_flows(wanted),
        hours=_hours(spreads_.get("today", {}), spreads_.get("usual", {})),
    )  # fmt: skip


def as_of(at: datetime) -> datetime:
    """Up to when everything that was recorded is in the roll-ups: now, unless their follower has something to read."""
    return _recorded(at)[0]


def began_on() -> date | None:
    """The first day of which anything is in the roll-ups."""
    first: date | None = asked(RECORDED, {"name": FOLLOWER})[0][1]
    return first


def _recorded(at: datetime) -> tuple[datetime, date | None]:
    """`as_of`, and the first day of all: before it a count is no nought, for there was nothing to count."""
    ((unread, first),) = asked(RECORDED, {"name": FOLLOWER})
    return min(unread, at) if unread else at, first


def _standing(
    counts: Mapping[str, int], histograms: Mapping[Spread, Mapping[int, int]], ever: Mapping[str, int]
) -> Totals:
    """The sums of a period, and what was open at its end."""
    since = Totals(ever)
    return Totals(counts, histograms, since["entered"] - since["gone"], since["late_in"] - since["late_out"])


def course(wanted: Slice) -> list[Step]:
    """The steps of a slice without the rest of its board. Two statements."""
    return _trend(wanted, Totals(sums(wanted, [*before("to now", wanted)]).get("to now", {})))[0]


def _trend(wanted: Slice, ever: Totals) -> tuple[list[Step], list[Step]]:
    """The slice step by step, and its last days; also what nothing happened in. One statement. `ever`: all that came
    before."""
    by_week, lately = wanted.days > LONG, wanted.last_days(LATELY)
    of = [*by_weeks("step", wanted), *day_by_day("day", lately)] if by_week else day_by_day("step", wanted)
    source, values = rows(wanted, of, f"day, {', '.join(DAILY)}")
    found: dict[tuple[str, date], Sequence[int]] = {}
    for label, day, *counts in asked(
        f"SELECT label, day, {', '.join(f'coalesce(sum(sign * {name}), 0)' for name in DAILY)}"
        f" FROM ({source}) AS of GROUP BY label, day",
        values,
    ):
        key = label, min(end_of_week(day), wanted.end) if by_week and label == "step" else day
        found[key] = [*map(add, found[key], counts)] if key in found else counts
    trend = _steps(
        [(day, days, found.get(("step", day), NOTHING)) for day, days in wanted.steps()],
        ever["entered"] - ever["gone"], ever["late_in"] - ever["late_out"],
    )  # fmt: skip
    if not by_week:
        return trend, trend[-LATELY:]
    last = [(day, days, found.get(("day", day), NOTHING)) for day, days in lately.steps()]
    end, moved = trend[-1], _steps(last, 0, 0)[-1]
    return trend, _steps(last, end.waiting - moved.waiting, end.late - moved.late)


def _steps(of: Iterable[tuple[date, int, Sequence[int]]], waiting: int, late: int) -> list[Step]:
    """Days, or weeks by their last day, each with its sums; and what was open before the first."""
    steps = []
    for day, days, counts in of:
        moved = dict(zip(DAILY, counts, strict=True))
        waiting += moved["entered"] - moved["gone"]
        late += moved["late_in"] - moved["late_out"]
        steps.append(Step(day, Totals(moved), waiting, late, days))
    return steps


def _flows(wanted: Slice) -> list[Flow]:
    """The most frequent ways from one body to another, into the slice's bodies or out of them."""
    ours = "ANY ((SELECT %s)::int[])"  # not seen when it is planned: see `RUNS`
    among = "" if wanted.entities is None else f"AND (sent_from = {ours} OR sent_to = {ours})"
    bodies = [] if wanted.entities is None else [sorted(wanted.entities)] * 2
    found = asked(
        f"SELECT sent_from, sent_to, sum(sign * cases)::int AS cases FROM {RUNS},"
        " LATERAL (SELECT sent_from, sent_to, cases FROM insight_flow"
        f" WHERE span = run.span AND day BETWEEN run.first AND run.last {among} OFFSET 0) AS found"
        " GROUP BY sent_from, sent_to HAVING sum(sign * cases) > 0"
        f" ORDER BY cases DESC, sent_from, sent_to LIMIT {FLOWS}",
        [listed(("", *run) for run in wanted.runs()), *bodies],
    )
    return [Flow(*row) for row in found]


def _hours(today: Mapping[Spread, Mapping[int, int]], usual: Mapping[Spread, Mapping[int, int]]) -> Hours:
    came, before_ = today.get(Spread.HOUR, {}), usual.get(Spread.HOUR, {})
    return Hours(
        [came.get(hour, 0) for hour in range(24)], [before_.get(hour, 0) / WEEKS for hour in range(24)]
    )


# From its cursor on, in the feed's order (as cases.feed.LAG): who has read all finds nothing, and looks at nothing.
RECORDED = """
SELECT (SELECT e.recorded_at
        FROM (SELECT coalesce(max(epoch), 0), coalesce(max(xid), 0)::text::xid8, coalesce(max(event), 0)
              FROM follower WHERE name = %(name)s) f (epoch, xid, event),
        LATERAL (SELECT recorded_at FROM event e WHERE (e.epoch, e.xid, e.id) > (f.epoch, f.xid, f.event)
                 ORDER BY e.epoch, e.xid, e.id LIMIT 1) e),
       (SELECT day FROM insight_rollup WHERE grain = 0 AND span = 'day' ORDER BY day LIMIT 1)
"""
