"""Shuffling of rows, so that their physical place does not reveal an order of arrival.

A row's place (`ctid`), its transaction (`xmin`) and its TOAST numbers would. Each new report rewrites its day's
rows in random order together with its own; pieces follow every hour.
"""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction

from ..reports import lock_report_writes

TABLES = ("disclosures_report", "disclosures_piece")
MAX_ROWS_SHUFFLED = 500  # rows of a day; more would delay the request

VACUUM_TABLE = "VACUUM {table}"  # removes the old row versions
SHUFFLE_ROWS = """
WITH picked AS (SELECT id FROM {table} WHERE day = %s ORDER BY random() LIMIT %s),
     gone AS (DELETE FROM {table} WHERE id IN (SELECT id FROM picked) RETURNING *)
INSERT INTO {table} SELECT * FROM gone ORDER BY random()
"""


def shuffle_reports_of_day(day: date) -> None:
    """Rewrite the day's reports in random order, in the transaction that changes one of them and holds the lock."""
    with connection.cursor() as cursor:
        cursor.execute(SHUFFLE_ROWS.format(table=TABLES[0]), [day, MAX_ROWS_SHUFFLED])


def shuffle_days(days: Sequence[date], tables: Sequence[str] = TABLES) -> None:
    """Rewrite all rows of these days in random order and vacuum the tables."""
    for day in days:
        with transaction.atomic(), connection.cursor() as cursor:
            lock_report_writes()
            for table in tables:
                cursor.execute(SHUFFLE_ROWS.format(table=table), [day, None])
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(VACUUM_TABLE.format(table=table))


def shuffle_all_reports() -> None:
    """Rewrite the rows of all reports, so that today's changes leave no trace in them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT day FROM disclosures_report")
        days = [day for (day,) in cursor.fetchall()]
    shuffle_days(days, TABLES[:1])
