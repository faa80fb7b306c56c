"""Whether the roll-ups in use are what the journal says: made anew beside them, and compared row by row."""

from typing import Any

from django.db import connection, transaction

from .. import counted
from ..facts import CELL
from ..rollups import CODE, FOLLOWER, KEY, SUMS, TIMES, fold
from ..rules.grains import GRAINS
from ..rules.measures import MEASURES
from .rebuilding import (
    COUNTED,
    FACT,
    FLOW,
    NEW_COUNTED,
    NEW_FACT,
    NEW_FLOW,
    NEW_ROLLUP,
    ROLLUP,
    Point,
    Sharing,
    alone,
    build,
    by_itself,
)


@alone()
def differences(shared: Sharing[Any, Any] = by_itself) -> list[str]:
    """Make them anew beside those in use, and say where they differ. The follower waits while they are compared."""
    upto = _point_of_follower()
    build(upto, shared)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('follower'), hashtext(%s))", [FOLLOWER])
        try:
            _catch_up(upto)
            cursor.execute(COMPARE_FLOWS)
            found = [f"flows: {n:,} rows" for (n,) in cursor.fetchall() if n]
            cursor.execute(COMPARE_COUNTED)
            found += [f"cases behind the figures: {n:,} rows" for (n,) in cursor.fetchall() if n]
            for grain in range(len(GRAINS)):
                cursor.execute(COMPARE, {"grain": grain})
                found += [f"grain {grain}, {span}: {n:,} rows" for span, n in cursor.fetchall()]
            for compare in COMPARE_FACTS:
                cursor.execute(compare)
                found += [f"facts: {n:,} rows" for (n,) in cursor.fetchall() if n]
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('follower'), hashtext(%s))", [FOLLOWER])
        cursor.execute(f"DROP TABLE {NEW_ROLLUP}, {NEW_FLOW}, {NEW_FACT}, {NEW_COUNTED}")
    return found


def _catch_up(upto: Point) -> None:
    """Bring the new tables to where the follower stands."""
    there = _point_of_follower()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            BETWEEN, {**upto._asdict(), "to_epoch": there.epoch, "to_xid": there.xid, "to_event": there.event}
        )
        if cases := [case for (case,) in cursor.fetchall()]:
            fold(
                cases, upto, there.event, rollup=NEW_ROLLUP, flow=NEW_FLOW, fact=NEW_FACT, counted=NEW_COUNTED
            )


def _point_of_follower() -> Point:
    with connection.cursor() as cursor:
        cursor.execute("SELECT epoch, xid, event FROM follower WHERE name = %s", [FOLLOWER])
        return Point(*(cursor.fetchone() or (0, 0, 0)))


BETWEEN = """
SELECT DISTINCT case_id FROM event
WHERE (epoch, xid, id) > (%(epoch)s, %(xid)s::text::xid8, %(event)s)
  AND (epoch, xid, id) <= (%(to_epoch)s, %(to_xid)s::text::xid8, %(to_event)s)
"""
_PLAIN = f"SELECT {KEY}, {', '.join(SUMS)}, spread_added(spread, NULL) AS spread"  # codes in order, each once
COMPARE = f"""
WITH used AS ({_PLAIN} FROM {ROLLUP} WHERE grain = %(grain)s),
    made AS ({_PLAIN} FROM {NEW_ROLLUP} WHERE grain = %(grain)s)
SELECT span, count(*)
FROM ((TABLE used EXCEPT ALL TABLE made) UNION ALL (TABLE made EXCEPT ALL TABLE used)) AS differ
GROUP BY span ORDER BY span
"""
COMPARE_FLOWS = f"""
SELECT count(*) FROM (
    (SELECT * FROM {FLOW} WHERE cases <> 0 EXCEPT ALL SELECT * FROM {NEW_FLOW})
    UNION ALL (SELECT * FROM {NEW_FLOW} EXCEPT ALL SELECT * FROM {FLOW} WHERE cases <> 0)) AS differ
"""
_SUMMED = f"""
SELECT day, {CELL}, {", ".join(f"nullif(sum({name}), 0) AS {name}" for name in MEASURES)} FROM {{table}}
GROUP BY day, {CELL} HAVING {" OR ".join(f"sum({name}) <> 0" for name in MEASURES)}
"""
_CODES = f"""
SELECT day, {CELL}, {CODE} AS code, sum({TIMES}) AS n FROM {{table}}, unnest(spread) AS one
GROUP BY day, {CELL}, code HAVING sum({TIMES}) <> 0
"""
COMPARE_FACTS = tuple(
    f"WITH used AS ({what.format(table=FACT)}), made AS ({what.format(table=NEW_FACT)}) SELECT count(*)"
    " FROM ((TABLE used EXCEPT ALL TABLE made) UNION ALL (TABLE made EXCEPT ALL TABLE used)) AS differ"
    for what in (_SUMMED, _CODES)
)
COMPARE_COUNTED = f"""
SELECT count(*) FROM (
    (SELECT {counted.COLUMNS} FROM {COUNTED} EXCEPT ALL SELECT {counted.COLUMNS} FROM {NEW_COUNTED})
    UNION ALL (SELECT {counted.COLUMNS} FROM {NEW_COUNTED} EXCEPT ALL SELECT {counted.COLUMNS} FROM {COUNTED})
    ) AS differ
"""
