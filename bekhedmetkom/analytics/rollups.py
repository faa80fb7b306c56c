"""From facts to roll-ups: their sums at every grain and span, added to what is there."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection

from . import counted_cases
from .facts import CELL_COLUMNS, build_facts_query
from .rules.grains import DIMENSIONS, FINEST_GRAIN, GRAINS, LIGHT_GRAINS, LIGHT_MEASURES, TEXT_DIMENSIONS
from .rules.measures import CODES_PER_HISTOGRAM, HISTOGRAMS, MEASURES, STOCK_MEASURES, Histogram

PROJECTION_NAME = "analytics"  # whose cursor says how far these rows have come
SUM_COLUMNS = (*MEASURES, *STOCK_MEASURES)
KEY_COLUMNS = f"grain, span, day, {CELL_COLUMNS}"
COLUMNS = f"{KEY_COLUMNS}, {', '.join(SUM_COLUMNS)}, histogram"
FACT_COLUMNS = f"day, {CELL_COLUMNS}, {', '.join(MEASURES)}, histogram"
# Of one number of a histogram: its code, and how many, which is less than nothing where a fact was taken back.
HISTOGRAM_CODE = "((one + 2147483648) >> 32)"
HISTOGRAM_COUNT = f"(one - ({HISTOGRAM_CODE} << 32))"
_FIRST_HOUR_CODE = (
    HISTOGRAMS.index(Histogram.RECEIPT_HOUR) * CODES_PER_HISTOGRAM
)  # codes from here on say something of a day alone
IS_HOUR_ENTRY = f"one >= {(_FIRST_HOUR_CODE << 32) - (1 << 31)}"
_OPEN_CHANGE = "coalesce(entered, 0) - coalesce(gone, 0)"
_LATE_CHANGE = "coalesce(late_in, 0) - coalesce(late_out, 0)"

_SPAN_STARTS = {
    "day": "day",
    "week": "greatest(day - extract(dow FROM day)::int, date_trunc('month', day)::date)",
    "month": "date_trunc('month', day)::date",
    "year": "date_trunc('year', day)::date",
}
SPANS_OF_DAY = ", ".join(
    f"('{span}', {begins})" for span, begins in _SPAN_STARTS.items()
)  # a day's spans, and when they begin
OPEN_SPAN = "('open', came)"


def build_rollup_query(source: str, grains: Iterable[int], *spans: str) -> str:
    """The rows of all these grains and spans to which the rows of `source` amount, each taken `sign` times.

    Of the finest only what is open: its other rows are the facts themselves.
    """
    keeps = ", ".join(
        f"({number}, {number in LIGHT_GRAINS}, {', '.join(str(name in GRAINS[number]) for name in DIMENSIONS)})"
        for number in grains
    )
    columns = f"grains (grain, light, {', '.join(f'keeps_{name}' for name in DIMENSIONS)})"
    measures = ", ".join(
        name if name in LIGHT_MEASURES else f"CASE WHEN NOT light THEN {name} END AS {name}"
        for name in MEASURES
    )
    wide = f"""
        SELECT grain, span, begins AS day, {_GRAIN_CELL_COLUMNS}, sign, {measures},
            CASE WHEN NOT light THEN histogram END AS histogram
        FROM {source}, (VALUES {keeps}) AS {columns},
            LATERAL (VALUES {", ".join(spans)}) AS spans (span, begins)
        WHERE span = 'open' OR grain <> {FINEST_GRAIN}"""
    summed = ", ".join(
        [f"nullif(sum(sign * {name}) FILTER (WHERE span <> 'open'), 0) AS {name}" for name in MEASURES]
        + [
            f"nullif(sum(sign * ({_OPEN_CHANGE})) FILTER (WHERE span = 'open'), 0) AS waiting",
            f"nullif(sum(sign * ({_LATE_CHANGE})) FILTER (WHERE span = 'open'), 0) AS late",
        ]
    )
    counts = f"WHERE span = 'day' OR span <> 'open' AND one >> 32 < {_FIRST_HOUR_CODE}"
    return f"""
    WITH wide AS ({wide}), {_build_sums_and_histograms("wide", KEY_COLUMNS, summed, "sign * ", counts)}
    SELECT {COLUMNS} FROM sums LEFT JOIN histograms USING ({KEY_COLUMNS})
    WHERE num_nonnulls({", ".join(SUM_COLUMNS)}, histogram) > 0
    """


def build_span_query(source: str, grain: int, span: str) -> str:
    """The rows of one grain and span to which the rows of `source` amount: for many at once."""
    kept = [name for name in DIMENSIONS if name in GRAINS[grain]]
    measures = LIGHT_MEASURES if grain in LIGHT_GRAINS else MEASURES
    key = ", ".join(["begins", *kept])
    rows = f"(SELECT {_SPAN_STARTS[span]} AS begins, * FROM {source}) AS of"
    sums = ", ".join(f"sum({name}) AS {name}" for name in measures)
    cell = ", ".join(name if name in kept else f"{_get_empty_value(name)} AS {name}" for name in DIMENSIONS)
    columns = ", ".join(name if name in measures else f"NULL::int AS {name}" for name in SUM_COLUMNS)
    head = f"SELECT {grain} AS grain, '{span}' AS span, begins AS day, {cell}, {columns}, histogram"
    if grain in LIGHT_GRAINS:
        light = f"SELECT {key}, {sums}, NULL::bigint[] AS histogram FROM {rows} GROUP BY {key}"
        return f"{head} FROM ({light}) AS sums WHERE num_nonnulls({', '.join(measures)}) > 0"
    counts = "" if span == "day" else f"WHERE one >> 32 < {_FIRST_HOUR_CODE}"
    parts = _build_sums_and_histograms(rows, key, sums, "", counts)
    return f"WITH {parts} {head} FROM sums LEFT JOIN histograms USING ({key})"


def _build_sums_and_histograms(rows: str, key: str, sums: str, sign: str, counts: str) -> str:
    """The measures and the histograms of the same rows, to be joined by their key."""
    return f"""
    sums AS (SELECT {key}, {sums} FROM {rows} GROUP BY {key}),
    histograms AS (
        SELECT {key}, array_agg((code << 32) + n) AS histogram
        FROM (SELECT {key}, one >> 32 AS code, sum({sign}(one & 4294967295))::bigint AS n
              FROM {rows}, unnest(histogram) AS one {counts} GROUP BY {key}, code) AS codes
        WHERE n <> 0 GROUP BY {key})"""


def _get_empty_value(name: str) -> str:
    return "''" if name in TEXT_DIMENSIONS else "0"


# Estimates of such sums are far off, and what is joined by them row by row takes for ever; and no compiler, which
# takes longer than what it speeds up.
SUMMING_SETTINGS = """
SELECT set_config('work_mem', '128MB', true), set_config('jit', 'off', true),
    set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true)
"""

_GRAIN_CELL_COLUMNS = ", ".join(
    f"CASE WHEN keeps_{name} THEN {name} ELSE {_get_empty_value(name)} END AS {name}" for name in DIMENSIONS
)
_ADD_SUMS = ", ".join(
    f"{name} = nullif(coalesce(kept.{name}, 0) + coalesce(excluded.{name}, 0), 0)" for name in SUM_COLUMNS
)

_IN_CASES = "case_id = ANY (%(cases)s)"
_UP_TO_CURSOR = "(epoch, xid, id) <= (%(epoch)s, %(xid)s::text::xid8, %(event)s)"
_UP_TO_LAST_EVENT = "(epoch, xid, id) <= (SELECT epoch, xid, id FROM event WHERE id = %(last)s)"

# What the cases of a batch said up to where the follower stood is taken away, what they say now is added: rows that
# are the same before and after are not touched.
APPLY_EVENTS = f"""
WITH said AS ({build_facts_query(cases=_IN_CASES, upto=_UP_TO_CURSOR)}),
    says AS ({build_facts_query(cases=_IN_CASES, upto=_UP_TO_LAST_EVENT)}),
    moved AS MATERIALIZED (
        SELECT 1 AS sign, * FROM (SELECT * FROM says EXCEPT ALL SELECT * FROM said) AS new
        UNION ALL
        SELECT -1, * FROM (SELECT * FROM said EXCEPT ALL SELECT * FROM says) AS old),
    sent AS (
        INSERT INTO {{flow}} AS kept (span, day, sent_from, sent_to, cases)
        SELECT span, begins, entity, sent_to, sum(sign)
        FROM moved, LATERAL (VALUES {SPANS_OF_DAY}) AS spans (span, begins)
        WHERE sent_to IS NOT NULL GROUP BY span, begins, entity, sent_to HAVING sum(sign) <> 0
        ON CONFLICT (span, day, sent_from, sent_to) DO UPDATE SET cases = kept.cases + excluded.cases),
    laid_by AS (
        INSERT INTO {{fact}} ({FACT_COLUMNS})
        SELECT day, {CELL_COLUMNS}, {", ".join(f"sign * {name}" for name in MEASURES)},
            CASE WHEN sign > 0 THEN histogram ELSE (SELECT array_agg(one - 2) FROM unnest(histogram) AS one) END
        FROM moved),
    {counted_cases.build_count_changes("moved", "{counted}")},
    added AS (
        INSERT INTO {{rollup}} AS kept ({COLUMNS})
        {build_rollup_query("moved AS of", range(len(GRAINS)), SPANS_OF_DAY, OPEN_SPAN)}
        ON CONFLICT ({KEY_COLUMNS}) DO UPDATE SET {_ADD_SUMS},
            histogram = CASE WHEN excluded.histogram IS NULL THEN kept.histogram
                          ELSE spread_added(kept.histogram, excluded.histogram) END
        RETURNING ctid, num_nonnulls({", ".join(SUM_COLUMNS)}, histogram) AS left_over)
SELECT array_agg(ctid) FROM added WHERE left_over = 0
"""


def apply_events(
    cases: Collection[UUID],
    since: tuple[int, int, int],
    last: int,
    *,
    rollup: str = "analytics_rollup",
    flow: str = "analytics_flow",
    fact: str = "analytics_fact",
    counted: str = counted_cases.TABLE,
) -> None:
    """Bring what these cases say from one point of the feed, a cursor, to another, an event, in these tables."""
    epoch, xid, event = since
    with connection.cursor() as cursor:
        cursor.execute(SUMMING_SETTINGS)
        cursor.execute(
            APPLY_EVENTS.format(rollup=rollup, flow=flow, fact=fact, counted=counted),
            {"cases": list(cases), "epoch": epoch, "xid": xid, "event": event, "last": last},
        )
        (empty,) = cursor.fetchone()
        if empty:
            cursor.execute(f"DELETE FROM {rollup} WHERE ctid = ANY (%s::tid[])", [empty])
