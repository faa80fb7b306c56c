"""From facts to roll-ups: their sums at every grain and span, added to what is there."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection

from . import counted
from .facts import CELL, facts
from .rules.grains import DIMENSIONS, FINEST, GRAINS, LIGHT, OF_LIGHT, WORDS
from .rules.measures import MEASURES, ROOM, SPREADS, STOCK, Spread

FOLLOWER = "insight"  # whose cursor says how far these rows have come
SUMS = (*MEASURES, *STOCK)
KEY = f"grain, span, day, {CELL}"
COLUMNS = f"{KEY}, {', '.join(SUMS)}, spread"
FACT_COLUMNS = f"day, {CELL}, {', '.join(MEASURES)}, spread"
# Of one number of a histogram: its code, and how many, which is less than nothing where a fact was taken back.
CODE = "((one + 2147483648) >> 32)"
TIMES = f"(one - ({CODE} << 32))"
_HOURS = SPREADS.index(Spread.HOUR) * ROOM  # codes from here on say something of a day alone
OF_HOURS = f"one >= {(_HOURS << 32) - (1 << 31)}"
_OPEN = "coalesce(entered, 0) - coalesce(gone, 0)"
_LATE = "coalesce(late_in, 0) - coalesce(late_out, 0)"

_BEGINS = {
    "day": "day",
    "week": "greatest(day - extract(dow FROM day)::int, date_trunc('month', day)::date)",
    "month": "date_trunc('month', day)::date",
    "year": "date_trunc('year', day)::date",
}
LIES_IN = ", ".join(
    f"('{span}', {begins})" for span, begins in _BEGINS.items()
)  # a day's spans, and when they begin
OPEN = "('open', came)"


def rolled_up(source: str, grains: Iterable[int], *spans: str) -> str:
    """The rows of all these grains and spans to which the rows of `source` amount, each taken `sign` times.

    Of the finest only what is open: its other rows are the facts themselves.
    """
    keeps = ", ".join(
        f"({number}, {number in LIGHT}, {', '.join(str(name in GRAINS[number]) for name in DIMENSIONS)})"
        for number in grains
    )
    columns = f"grains (grain, light, {', '.join(f'keeps_{name}' for name in DIMENSIONS)})"
    measures = ", ".join(
        name if name in OF_LIGHT else f"CASE WHEN NOT light THEN {name} END AS {name}" for name in MEASURES
    )
    wide = f"""
        SELECT grain, span, begins AS day, {_CELL_OF_GRAIN}, sign, {measures},
            CASE WHEN NOT light THEN spread END AS spread
        FROM {source}, (VALUES {keeps}) AS {columns},
            LATERAL (VALUES {", ".join(spans)}) AS spans (span, begins)
        WHERE span = 'open' OR grain <> {FINEST}"""
    summed = ", ".join(
        [f"nullif(sum(sign * {name}) FILTER (WHERE span <> 'open'), 0) AS {name}" for name in MEASURES]
        + [f"nullif(sum(sign * ({_OPEN})) FILTER (WHERE span = 'open'), 0) AS waiting",
           f"nullif(sum(sign * ({_LATE})) FILTER (WHERE span = 'open'), 0) AS late"]
    )  # fmt: skip
    counts = f"WHERE span = 'day' OR span <> 'open' AND one >> 32 < {_HOURS}"
    return f"""
    WITH wide AS ({wide}), {_summed_apart("wide", KEY, summed, "sign * ", counts)}
    SELECT {COLUMNS} FROM sums LEFT JOIN spreads USING ({KEY})
    WHERE num_nonnulls({", ".join(SUMS)}, spread) > 0
    """


def summed(source: str, grain: int, span: str) -> str:
    """The rows of one grain and span to which the rows of `source` amount: for many at once."""
    kept = [name for name in DIMENSIONS if name in GRAINS[grain]]
    measures = OF_LIGHT if grain in LIGHT else MEASURES
    key = ", ".join(["begins", *kept])
    rows = f"(SELECT {_BEGINS[span]} AS begins, * FROM {source}) AS of"
    sums = ", ".join(f"sum({name}) AS {name}" for name in measures)
    cell = ", ".join(name if name in kept else f"{_all(name)} AS {name}" for name in DIMENSIONS)
    columns = ", ".join(name if name in measures else f"NULL::int AS {name}" for name in SUMS)
    head = f"SELECT {grain} AS grain, '{span}' AS span, begins AS day, {cell}, {columns}, spread"
    if grain in LIGHT:
        light = f"SELECT {key}, {sums}, NULL::bigint[] AS spread FROM {rows} GROUP BY {key}"
        return f"{head} FROM ({light}) AS sums WHERE num_nonnulls({', '.join(measures)}) > 0"
    counts = "" if span == "day" else f"WHERE one >> 32 < {_HOURS}"
    return (
        f"WITH {_summed_apart(rows, key, sums, '', counts)} {head} FROM sums LEFT JOIN spreads USING ({key})"
    )


def _summed_apart(rows: str, key: str, sums: str, sign: str, counts: str) -> str:
    """The measures and the histograms of the same rows, to be joined by their key."""
    return f"""
    sums AS (SELECT {key}, {sums} FROM {rows} GROUP BY {key}),
    spreads AS (
        SELECT {key}, array_agg((code << 32) + n) AS spread
        FROM (SELECT {key}, one >> 32 AS code, sum({sign}(one & 4294967295))::bigint AS n
              FROM {rows}, unnest(spread) AS one {counts} GROUP BY {key}, code) AS codes
        WHERE n <> 0 GROUP BY {key})"""


def _all(name: str) -> str:
    return "''" if name in WORDS else "0"


# Estimates of such sums are far off, and what is joined by them row by row takes for ever; and no compiler, which
# takes longer than what it speeds up.
ABLE = """
SELECT set_config('work_mem', '128MB', true), set_config('jit', 'off', true),
    set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true)
"""

_CELL_OF_GRAIN = ", ".join(
    f"CASE WHEN keeps_{name} THEN {name} ELSE {_all(name)} END AS {name}" for name in DIMENSIONS
)
_ADDED = ", ".join(
    f"{name} = nullif(coalesce(kept.{name}, 0) + coalesce(excluded.{name}, 0), 0)" for name in SUMS
)

_CASES = "case_id = ANY (%(cases)s)"
_SINCE = "(epoch, xid, id) <= (%(epoch)s, %(xid)s::text::xid8, %(event)s)"
_UPTO = "(epoch, xid, id) <= (SELECT epoch, xid, id FROM event WHERE id = %(last)s)"

# What the cases of a batch said up to where the follower stood is taken away, what they say now is added: rows that
# are the same before and after are not touched.
FOLD = f"""
WITH said AS ({facts(cases=_CASES, upto=_SINCE)}),
    says AS ({facts(cases=_CASES, upto=_UPTO)}),
    moved AS MATERIALIZED (
        SELECT 1 AS sign, * FROM (SELECT * FROM says EXCEPT ALL SELECT * FROM said) AS new
        UNION ALL
        SELECT -1, * FROM (SELECT * FROM said EXCEPT ALL SELECT * FROM says) AS old),
    sent AS (
        INSERT INTO {{flow}} AS kept (span, day, sent_from, sent_to, cases)
        SELECT span, begins, entity, sent_to, sum(sign)
        FROM moved, LATERAL (VALUES {LIES_IN}) AS spans (span, begins)
        WHERE sent_to IS NOT NULL GROUP BY span, begins, entity, sent_to HAVING sum(sign) <> 0
        ON CONFLICT (span, day, sent_from, sent_to) DO UPDATE SET cases = kept.cases + excluded.cases),
    laid_by AS (
        INSERT INTO {{fact}} ({FACT_COLUMNS})
        SELECT day, {CELL}, {", ".join(f"sign * {name}" for name in MEASURES)},
            CASE WHEN sign > 0 THEN spread ELSE (SELECT array_agg(one - 2) FROM unnest(spread) AS one) END
        FROM moved),
    {counted.brought("moved", "{counted}")},
    added AS (
        INSERT INTO {{rollup}} AS kept ({COLUMNS})
        {rolled_up("moved AS of", range(len(GRAINS)), LIES_IN, OPEN)}
        ON CONFLICT ({KEY}) DO UPDATE SET {_ADDED},
            spread = CASE WHEN excluded.spread IS NULL THEN kept.spread
                          ELSE spread_added(kept.spread, excluded.spread) END
        RETURNING ctid, num_nonnulls({", ".join(SUMS)}, spread) AS left_over)
SELECT array_agg(ctid) FROM added WHERE left_over = 0
"""


def fold(
    cases: Collection[UUID], since: tuple[int, int, int], last: int, *, rollup: str = "insight_rollup",
    flow: str = "insight_flow", fact: str = "insight_fact", counted: str = counted.TABLE,
) -> None:  # fmt: skip
    """Bring what these cases say from one point of the feed, a cursor, to another, an event, in these tables."""
    epoch, xid, event = since
    with connection.cursor() as cursor:
        cursor.execute(ABLE)
        cursor.execute(
            FOLD.format(rollup=rollup, flow=flow, fact=fact, counted=counted),
            {"cases": list(cases), "epoch": epoch, "xid": xid, "event": event, "last": last},
        )
        (empty,) = cursor.fetchone()
        if empty:
            cursor.execute(f"DELETE FROM {rollup} WHERE ctid = ANY (%s::tid[])", [empty])
