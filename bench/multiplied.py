"""Many cases out of few: copies with keys, references, places, channels and days of their own, by set-based SQL.

Only what the roll-ups read: `event`, and of `case` what a follower asks for. Checks, keys and indexes that this does
not need are dropped first, so the database serves for nothing else afterwards.
"""

from typing import Any

import psycopg

from bekhedmetkom.cases.rules.standing import COLUMNS

WINDOW = 90  # days that the demonstration covers; copies lie one, two, … windows earlier
WINDOWS = 8  # two years
STEP = 10_000  # cases of one statement
KEPT = ("case_pkey", "event_pkey", "event_seq", "event_feed")


def multiply(url: str, cases: int) -> None:
    """Until there are so many cases. Only the newest window has open ones."""
    with psycopg.connect(url, autocommit=True) as connection:
        _lighten(connection)
        base = _number(connection, "SELECT count(*) FROM bench_base")
        copy, there = 1, base
        while there < cases:
            days = WINDOW * (copy % WINDOWS)
            for first in range(0, base, STEP):
                there += _copied(
                    connection, copy, days, first, min(first + STEP, base, first + cases - there)
                )
            copy += 1
        connection.execute("VACUUM (ANALYZE) event")
        connection.execute('VACUUM (ANALYZE) "case"')


def arrive(url: str, cases: int, turn: int) -> int:
    """Copies of the newest cases come, their events in the order of time; how many these are. Other ones each turn."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(BASE)
        base = _number(connection, "SELECT count(*) FROM bench_base")
        before = _number(connection, "SELECT max(id) FROM event")
        _copied(connection, -turn, 0, base - cases, base)
        return _number(connection, f"SELECT count(*) FROM event WHERE id > {before}")


def _lighten(connection: "psycopg.Connection[Any]") -> None:
    connection.execute("TRUNCATE insight_rollup, insight_flow")
    connection.execute(BASE)
    connection.execute(LIGHTEN, prepare=False)


def _copied(connection: "psycopg.Connection[Any]", copy: int, days: int, first: int, end: int) -> int:
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = 'replica'")
        connection.execute("SET LOCAL synchronous_commit = off")
        values = {"copy": copy, "days": days, "first": first, "end": end}
        return int((connection.execute(COPY, values).fetchone() or (0,))[0])


def _number(connection: "psycopg.Connection[Any]", statement: str) -> int:
    return int((connection.execute(statement.encode()).fetchone() or (0,))[0])


BASE = """
CREATE TABLE IF NOT EXISTS bench_base AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM "case"
"""

LIGHTEN = f"""
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT conrelid::regclass AS of, conname FROM pg_constraint
               WHERE contype = 'f' AND ARRAY[conrelid, confrelid] && ARRAY['event'::regclass, '"case"'::regclass]::oid[]
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.of, one.conname); END LOOP;
    FOR one IN SELECT conrelid::regclass AS of, conname FROM pg_constraint
               WHERE contype = 'u' AND conrelid IN ('event'::regclass, '"case"'::regclass)
                 AND conname NOT IN ({", ".join(f"'{name}'" for name in KEPT)})
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.of, one.conname); END LOOP;
    FOR one IN SELECT indexrelid::regclass AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
               WHERE indrelid IN ('event'::regclass, '"case"'::regclass)
                 AND relname NOT IN ({", ".join(f"'{name}'" for name in KEPT)})
    LOOP EXECUTE format('DROP INDEX %s', one.name); END LOOP;
END $$
"""

_WHEN = ("received_at", "updated_at", "term_from", "due_at", "promised_at", "idle_from", "paused_at", "answered_at",
         "snoozed_until")  # fmt: skip
_INSTEAD = {
    **{name: f"{name} - shift" for name in _WHEN},
    "reference": "'B' || lpad(to_hex(%(copy)s::int + 10), 4, '0') || lpad(to_hex(place), 7, '0')",
    "look_at": "NULL",
    "governorate_id": "1 + chance %% 12",
    "channel": "(ARRAY['portal', 'portal', 'callcentre', 'messenger', 'kiosk', 'counter'])[1 + chance / 12 %% 6]",
}
_MOVED = ", ".join(
    f"'{name}', to_char(((data->>'{name}')::timestamptz - shift) AT TIME ZONE 'UTC',"
    ' \'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"\')'
    for name in ("due_at", "received_at", "term_from")
)
COPY = f"""
WITH mixed AS MATERIALIZED (
    SELECT c.*, place, md5(c.id::text || (%(copy)s::int)::text) AS mix
    FROM bench_base JOIN "case" c USING (id)
    WHERE place >= %(first)s::int AND place < %(end)s::int
      AND (%(days)s::int = 0 OR state IN ('answered', 'resolved', 'closed', 'withdrawn', 'merged'))),
shifted AS (
    SELECT *, ('x' || substr(mix, 20, 7))::bit(28)::int AS chance,
        make_interval(days => %(days)s::int + ('x' || substr(mix, 27, 2))::bit(8)::int %% 7) AS shift
    FROM mixed),
chosen AS MATERIALIZED (
    SELECT *, (lpad(to_hex((1000 * extract(epoch FROM received_at - shift))::bigint), 12, '0')
               || '7' || substr(mix, 1, 3) || 'a' || substr(mix, 4, 15))::uuid AS new_id
    FROM shifted),
cases AS (
    INSERT INTO "case" (id, {", ".join(COLUMNS)}, head)
    SELECT new_id, {", ".join(_INSTEAD.get(name, name) for name in COLUMNS)}, ''
    FROM chosen),
events AS (
    INSERT INTO event (case_id, seq, state, kind, at, actor, data, hash)
    SELECT new_id, e.seq, e.state, e.kind, e.at - shift, 'clock',
        data - '{{texts,particulars,look_at,reasons,quality}}'::text[]
            || jsonb_strip_nulls(jsonb_build_object({_MOVED}))
            || CASE WHEN e.kind = 'case.submitted'
                    THEN jsonb_build_object('governorate_id', {_INSTEAD["governorate_id"]},
                                            'channel', {_INSTEAD["channel"]})
                    ELSE '{{}}' END, ''
    FROM chosen JOIN event e ON e.case_id = chosen.id
    ORDER BY e.at - shift)
SELECT count(*) FROM chosen
"""
