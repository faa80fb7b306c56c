"""Cases over two years out of some of 90 days: copies with keys, references, places, channels and days of their own.

By set-based SQL. Only what the roll-ups read: `event`, and of `case` what a follower asks for. Checks, keys and indexes
are dropped, the few that this needs are made when all is there, so the database serves for nothing else afterwards.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Lock
from typing import Any

import psycopg

from bekhedmetkom.cases.rules.case_state import STATE_COLUMNS

WINDOW_DAYS = 90  # days that the demonstration covers; copies lie one, two, … windows earlier
WINDOW_COUNT = 8  # two years
BATCH_SIZE = 10_000  # cases of one statement
CONNECTIONS = 2  # connections that copy side by side
FIRST_ARRIVAL_COPY = 5000  # copies with such numbers have come after all others


def save_base_cases(url: str) -> None:
    """Lay by the cases there are: of these, all copies are made."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in CREATE_BASE:
            connection.execute(statement.encode())


def copy_cases(url: str, cases: int) -> None:
    """In place of the cases there are, so many copies, or a few thousand more. Only the newest window has open ones."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in DROP_CONSTRAINTS:
            connection.execute(statement.encode(), prepare=False)
        base = _fetch_number(connection, "SELECT count(*) FROM bench_case")

    every = max(1, WINDOW_COUNT * base // cases)  # of few cases, each window has its share
    there, counting = 0, Lock()

    def copied(step: tuple[int, int]) -> None:
        nonlocal there
        copy, first = step
        if there < cases:
            with psycopg.connect(url, autocommit=True) as connection:
                days = WINDOW_DAYS * (copy % WINDOW_COUNT)
                more = _copy_batch(connection, copy, days, first, min(first + BATCH_SIZE, base), every)
            with counting:
                there += more

    more_than_enough = range(2 * (1 + every * cases // base))
    with ThreadPoolExecutor(CONNECTIONS) as hands:
        list(hands.map(copied, product(more_than_enough, range(0, base, BATCH_SIZE))))
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in CREATE_INDEXES:
            connection.execute(statement.encode())


def add_new_cases(url: str, cases: int) -> int:
    """Copies of the newest cases come, their events in the order of time; how many these are. Other ones each time."""
    with psycopg.connect(url, autocommit=True) as connection:
        base = _fetch_number(connection, "SELECT count(*) FROM bench_case")
        before = _fetch_number(connection, "SELECT max(id) FROM event")
        turn = _fetch_number(connection, "INSERT INTO bench_arrival DEFAULT VALUES RETURNING id")
        _copy_batch(connection, FIRST_ARRIVAL_COPY + turn, 0, base - cases, base, 1)
        return _fetch_number(connection, f"SELECT count(*) FROM event WHERE id > {before}")


def _copy_batch(
    connection: "psycopg.Connection[Any]", copy: int, days: int, first: int, end: int, every: int
) -> int:
    with connection.transaction():
        for setting in ("session_replication_role = 'replica'", "synchronous_commit = off", "work_mem = '128MB'",
                        "TIME ZONE 'UTC'", "jit = off"):  # fmt: skip
            connection.execute(f"SET LOCAL {setting}".encode())
        values = {"copy": copy, "days": days, "first": first, "end": end, "every": every}
        return int((connection.execute(COPY_BATCH, values).fetchone() or (0,))[0])


def _fetch_number(connection: "psycopg.Connection[Any]", statement: str) -> int:
    return int((connection.execute(statement.encode()).fetchone() or (0,))[0])


CREATE_BASE = (
    'CREATE TABLE bench_case AS SELECT row_number() OVER (ORDER BY id) - 1 AS place, * FROM "case"',
    """
    CREATE TABLE bench_event AS
    SELECT place, e.seq, e.state, e.kind, at, data - '{texts,particulars,look_at,reasons,quality}'::text[] AS data
    FROM event e JOIN bench_case c ON c.id = e.case_id ORDER BY place
    """,
    "CREATE INDEX ON bench_case (place)",
    "CREATE INDEX ON bench_event (place)",
    "ANALYZE bench_case, bench_event",
    "CREATE TABLE bench_arrival (id int GENERATED ALWAYS AS IDENTITY)",
)

_COPIED_TABLES = "ARRAY['event'::regclass, '\"case\"'::regclass]"
DROP_CONSTRAINTS = (
    f"""
    DO $$
    DECLARE one record;
    BEGIN
        FOR one IN SELECT conrelid::regclass AS of, conname FROM pg_constraint
                   WHERE contype = 'f' AND ARRAY[conrelid, confrelid] && {_COPIED_TABLES}::oid[]
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.of, one.conname); END LOOP;
        FOR one IN SELECT conrelid::regclass AS of, conname FROM pg_constraint
                   WHERE contype IN ('u', 'p') AND conrelid = ANY ({_COPIED_TABLES})
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.of, one.conname); END LOOP;
        FOR one IN SELECT indexrelid::regclass AS name FROM pg_index WHERE indrelid = ANY ({_COPIED_TABLES})
        LOOP EXECUTE format('DROP INDEX %s', one.name); END LOOP;
    END $$
    """,
    "SET session_replication_role = 'replica'",  # the journal refuses to be emptied
    'TRUNCATE event, "case", analytics_rollup, analytics_flow',
)
CREATE_INDEXES = (
    "SET maintenance_work_mem = '1GB'",
    'ALTER TABLE "case" ADD CONSTRAINT case_pkey PRIMARY KEY (id)',
    "ALTER TABLE event ADD CONSTRAINT event_pkey PRIMARY KEY (id)",
    "ALTER TABLE event ADD CONSTRAINT event_seq UNIQUE (case_id, seq)",
    "CREATE INDEX event_feed ON event (epoch, xid, id)",
    "VACUUM (ANALYZE) event",
    'VACUUM (ANALYZE) "case"',
)

_TIME_COLUMNS = (
    "received_at",
    "updated_at",
    "term_from",
    "due_at",
    "promised_at",
    "idle_from",
    "paused_at",
    "answered_at",
    "snoozed_until",
)
_REPLACED_COLUMNS = {
    **{name: f"{name} - shift" for name in _TIME_COLUMNS},
    "reference": "'B' || lpad(to_hex(%(copy)s::int), 4, '0') || lpad(to_hex(place), 7, '0')",
    "look_at": "NULL",
    "governorate_id": "1 + chance %% 12",
    "channel": "(ARRAY['portal', 'portal', 'callcentre', 'messenger', 'kiosk', 'counter'])[1 + chance / 12 %% 6]",
}
_MOVED_DATES = ", ".join(
    f"'{name}', (data->>'{name}')::timestamptz - shift" for name in ("due_at", "received_at", "term_from")
)
COPY_BATCH = f"""
WITH mixed AS MATERIALIZED (
    SELECT *, md5(id::text || (%(copy)s::int)::text) AS mix
    FROM bench_case
    WHERE place >= %(first)s::int AND place < %(end)s::int AND (place + %(copy)s::int) %% %(every)s::int = 0
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
    INSERT INTO "case" (id, {", ".join(STATE_COLUMNS)}, head)
    SELECT new_id, {", ".join(_REPLACED_COLUMNS.get(name, name) for name in STATE_COLUMNS)}, ''
    FROM chosen),
events AS (
    INSERT INTO event (case_id, seq, state, kind, at, actor, data, hash)
    SELECT new_id, e.seq, e.state, e.kind, e.at - shift, 'clock',
        CASE WHEN data ?| '{{due_at,received_at,term_from}}'
             THEN data || jsonb_strip_nulls(jsonb_build_object({_MOVED_DATES}))
                  || CASE WHEN e.kind = 'case.submitted'
                          THEN jsonb_build_object('governorate_id', {_REPLACED_COLUMNS["governorate_id"]},
                                                  'channel', {_REPLACED_COLUMNS["channel"]})
                          ELSE '{{}}' END
             ELSE data END, ''
    FROM chosen JOIN bench_event e USING (place)
    WHERE e.place >= %(first)s::int AND e.place < %(end)s::int
    ORDER BY e.at - shift)
SELECT count(*) FROM chosen
"""
