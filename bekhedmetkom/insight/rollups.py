"""From facts to roll-ups: the same rows at every grain, by day and by month, added to what is there."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection

from .facts import CELL, facts
from .rules.grains import DIMENSIONS, GRAINS, WORDS
from .rules.measures import MEASURES, ROOM, SPREADS, STOCK, Spread

FOLLOWER = "insight"  # whose cursor says how far these rows have come
KEY = f"grain, span, day, {CELL}"
COLUMNS = f"{KEY}, {', '.join((*MEASURES, *STOCK))}, spread"
_HOURS = SPREADS.index(Spread.HOUR) * ROOM  # codes from here on say something of a day alone
_OPEN = "coalesce(entered, 0) - coalesce(gone, 0)"
_LATE = "coalesce(late_in, 0) - coalesce(late_out, 0)"

DAY = "('day', day)"
MONTH = "('month', date_trunc('month', day)::date)"
OPEN = "('open', came)"


def rolled_up(source: str, grains: Iterable[int], *spans: str) -> str:
    """The rows of these grains and spans to which the rows of `source` amount, each taken `sign` times.

    No grains: each row keeps the grain and the cell that it has.
    """
    keeps = [
        f"({number}, {', '.join(str(name in GRAINS[number]).lower() for name in DIMENSIONS)})"
        for number in grains
    ]
    columns = f"grains (grain, {', '.join(f'keeps_{name}' for name in DIMENSIONS)})"
    of_grains = f", (VALUES {', '.join(keeps)}) AS {columns}" if keeps else ""
    return f"""
    WITH wide AS (
        SELECT grain, span, begins AS day, {_CELL_OF_GRAIN if keeps else CELL}, sign, {", ".join(MEASURES)}, spread
        FROM {source}{of_grains}, LATERAL (VALUES {", ".join(spans)}) AS spans (span, begins)),
    sums AS (
        SELECT {KEY}, {_SUMMED},
            nullif(sum(sign * ({_OPEN})) FILTER (WHERE span = 'open'), 0) AS waiting,
            nullif(sum(sign * ({_LATE})) FILTER (WHERE span = 'open'), 0) AS late, NULL::bigint[] AS spread
        FROM wide GROUP BY {KEY}),
    spreads AS (
        SELECT {KEY}, {", ".join(f"NULL::bigint AS {name}" for name in (*MEASURES, *STOCK))},
            array_agg((code << 32) + n ORDER BY code) AS spread
        FROM (SELECT {KEY}, one >> 32 AS code, sum(sign * (one & 4294967295))::bigint AS n
              FROM wide, unnest(spread) AS one
              WHERE span = 'day' OR span = 'month' AND one >> 32 < {_HOURS} GROUP BY {KEY}, code) AS codes
        WHERE n <> 0 GROUP BY {KEY})
    SELECT {KEY}, {", ".join(f"max({name}) AS {name}" for name in (*MEASURES, *STOCK))}, any_value(spread) AS spread
    FROM (SELECT * FROM sums UNION ALL SELECT * FROM spreads) AS parts GROUP BY {KEY}
    HAVING num_nonnulls({", ".join(f"max({name})" for name in (*MEASURES, *STOCK))}, any_value(spread)) > 0
    """


_CELL_OF_GRAIN = ", ".join(
    f"CASE WHEN keeps_{name} THEN {name} ELSE {chr(39) * 2 if name in WORDS else 0} END AS {name}"
    for name in DIMENSIONS
)
_SUMMED = ", ".join(
    f"nullif(sum(sign * {name}) FILTER (WHERE span <> 'open'), 0) AS {name}" for name in MEASURES
)

_ADDED = ", ".join(
    f"{name} = nullif(coalesce(kept.{name}, 0) + coalesce(excluded.{name}, 0), 0)"
    for name in (*MEASURES, *STOCK)
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
        FROM moved, LATERAL (VALUES {DAY}, {MONTH}) AS spans (span, begins)
        WHERE sent_to IS NOT NULL GROUP BY span, begins, entity, sent_to HAVING sum(sign) <> 0
        ON CONFLICT (span, day, sent_from, sent_to) DO UPDATE SET cases = kept.cases + excluded.cases),
    added AS (
        INSERT INTO {{rollup}} AS kept ({COLUMNS})
        {rolled_up("moved AS of", range(len(GRAINS)), DAY, MONTH, OPEN)}
        ON CONFLICT ({KEY}) DO UPDATE SET {_ADDED},
            spread = CASE WHEN excluded.spread IS NULL THEN kept.spread
                          ELSE spread_added(kept.spread, excluded.spread) END
        RETURNING ctid, num_nonnulls({", ".join((*MEASURES, *STOCK))}, spread) AS left_over)
SELECT array_agg(ctid) FROM added WHERE left_over = 0
"""


def fold(
    cases: Collection[UUID], since: tuple[int, int, int], last: int, *, rollup: str = "insight_rollup",
    flow: str = "insight_flow",
) -> None:  # fmt: skip
    """Bring what these cases say from one point of the feed, a cursor, to another, an event, in these tables."""
    epoch, xid, event = since
    with connection.cursor() as cursor:
        cursor.execute(
            FOLD.format(rollup=rollup, flow=flow),
            {"cases": list(cases), "epoch": epoch, "xid": xid, "event": event, "last": last},
        )
        (empty,) = cursor.fetchone()
        if empty:
            cursor.execute(f"DELETE FROM {rollup} WHERE ctid = ANY (%s::tid[])", [empty])
