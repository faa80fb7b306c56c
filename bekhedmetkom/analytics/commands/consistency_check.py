"""Whether the roll-ups in use are what the journal says: made anew beside them, and compared row by row."""

from typing import Any

from django.db import connection, transaction

from .. import counted_cases
from ..facts import CELL_COLUMNS
from ..rollups import HISTOGRAM_CODE, HISTOGRAM_COUNT, KEY_COLUMNS, PROJECTION_NAME, SUM_COLUMNS, apply_events
from ..rules.grains import GRAINS
from ..rules.measures import MEASURES
from .rebuild import (
    COUNTED_CASES,
    FACT,
    FLOW,
    NEW_COUNTED_CASES,
    NEW_FACT,
    NEW_FLOW,
    NEW_ROLLUP,
    ROLLUP,
    FeedPosition,
    StepRunner,
    build_new_tables,
    rebuild_lock,
    run_in_process,
)


@rebuild_lock()
def find_differences(shared: StepRunner[Any, Any] = run_in_process) -> list[str]:
    """Make them anew beside those in use, and say where they differ. The follower waits while they are compared."""
    upto = _get_projection_position()
    build_new_tables(upto, shared)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('follower'), hashtext(%s))", [PROJECTION_NAME])
        try:
            _apply_newer_events(upto)
            cursor.execute(COMPARE_FLOWS)
            found = [f"flows: {n:,} rows" for (n,) in cursor.fetchall() if n]
            cursor.execute(COMPARE_COUNTED_CASES)
            found += [f"cases behind the figures: {n:,} rows" for (n,) in cursor.fetchall() if n]
            for grain in range(len(GRAINS)):
                cursor.execute(COMPARE_ROLLUPS, {"grain": grain})
                found += [f"grain {grain}, {span}: {n:,} rows" for span, n in cursor.fetchall()]
            for compare in COMPARE_FACTS:
                cursor.execute(compare)
                found += [f"facts: {n:,} rows" for (n,) in cursor.fetchall() if n]
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('follower'), hashtext(%s))", [PROJECTION_NAME])
        cursor.execute(f"DROP TABLE {NEW_ROLLUP}, {NEW_FLOW}, {NEW_FACT}, {NEW_COUNTED_CASES}")
    return found


def _apply_newer_events(upto: FeedPosition) -> None:
    """Bring the new tables to where the follower stands."""
    there = _get_projection_position()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            CASES_BETWEEN,
            {**upto._asdict(), "to_epoch": there.epoch, "to_xid": there.xid, "to_event": there.event},
        )
        if cases := [case for (case,) in cursor.fetchall()]:
            apply_events(
                cases,
                upto,
                there.event,
                rollup=NEW_ROLLUP,
                flow=NEW_FLOW,
                fact=NEW_FACT,
                counted=NEW_COUNTED_CASES,
            )


def _get_projection_position() -> FeedPosition:
    with connection.cursor() as cursor:
        cursor.execute("SELECT epoch, xid, event FROM follower WHERE name = %s", [PROJECTION_NAME])
        return FeedPosition(*(cursor.fetchone() or (0, 0, 0)))


CASES_BETWEEN = """
SELECT DISTINCT case_id FROM event
WHERE (epoch, xid, id) > (%(epoch)s, %(xid)s::text::xid8, %(event)s)
  AND (epoch, xid, id) <= (%(to_epoch)s, %(to_xid)s::text::xid8, %(to_event)s)
"""
# Histogram codes in order, each once
_COMPARABLE_COLUMNS = (
    f"SELECT {KEY_COLUMNS}, {', '.join(SUM_COLUMNS)}, spread_added(histogram, NULL) AS histogram"
)
COMPARE_ROLLUPS = f"""
WITH used AS ({_COMPARABLE_COLUMNS} FROM {ROLLUP} WHERE grain = %(grain)s),
    made AS ({_COMPARABLE_COLUMNS} FROM {NEW_ROLLUP} WHERE grain = %(grain)s)
SELECT span, count(*)
FROM ((TABLE used EXCEPT ALL TABLE made) UNION ALL (TABLE made EXCEPT ALL TABLE used)) AS differ
GROUP BY span ORDER BY span
"""
COMPARE_FLOWS = f"""
SELECT count(*) FROM (
    (SELECT * FROM {FLOW} WHERE cases <> 0 EXCEPT ALL SELECT * FROM {NEW_FLOW})
    UNION ALL (SELECT * FROM {NEW_FLOW} EXCEPT ALL SELECT * FROM {FLOW} WHERE cases <> 0)) AS differ
"""
_SUMMED_FACTS = f"""
SELECT day, {CELL_COLUMNS}, {", ".join(f"nullif(sum({name}), 0) AS {name}" for name in MEASURES)} FROM {{table}}
GROUP BY day, {CELL_COLUMNS} HAVING {" OR ".join(f"sum({name}) <> 0" for name in MEASURES)}
"""
_SUMMED_HISTOGRAMS = f"""
SELECT day, {CELL_COLUMNS}, {HISTOGRAM_CODE} AS code, sum({HISTOGRAM_COUNT}) AS n FROM {{table}},
unnest(histogram) AS one
GROUP BY day, {CELL_COLUMNS}, code HAVING sum({HISTOGRAM_COUNT}) <> 0
"""
COMPARE_FACTS = tuple(
    f"WITH used AS ({what.format(table=FACT)}), made AS ({what.format(table=NEW_FACT)}) SELECT count(*)"
    " FROM ((TABLE used EXCEPT ALL TABLE made) UNION ALL (TABLE made EXCEPT ALL TABLE used)) AS differ"
    for what in (_SUMMED_FACTS, _SUMMED_HISTOGRAMS)
)
COMPARE_COUNTED_CASES = f"""
SELECT count(*) FROM (
    (SELECT {counted_cases.COLUMNS} FROM {COUNTED_CASES} EXCEPT ALL SELECT {counted_cases.COLUMNS} FROM
    {NEW_COUNTED_CASES})
    UNION ALL (SELECT {counted_cases.COLUMNS} FROM {NEW_COUNTED_CASES} EXCEPT ALL SELECT {counted_cases.COLUMNS}
    FROM {COUNTED_CASES})
    ) AS differ
"""
