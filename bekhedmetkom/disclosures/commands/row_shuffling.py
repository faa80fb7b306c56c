"""No row may tell by its place which came first: rows are put back in an order by chance, as if all came at once.

A row's place (`ctid`), the transaction that wrote it (`xmin`) and the numbers of what PostgreSQL keeps beside the table
(TOAST) would say it otherwise. Each new report puts its day's rows back with it; each hour the pieces follow.
"""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction

from ..reports import lock_report_writes

TABLES = ("disclosures_report", "disclosures_piece")
MAX_ROWS_SHUFFLED = 500  # rows of a day that a new one is mixed with; more would make it wait

VACUUM_TABLE = "VACUUM {table}"  # rows that were put back elsewhere still lie where they were
SHUFFLE_ROWS = """
WITH picked AS (SELECT id FROM {table} WHERE day = %s ORDER BY random() LIMIT %s),
     gone AS (DELETE FROM {table} WHERE id IN (SELECT id FROM picked) RETURNING *)
INSERT INTO {table} SELECT * FROM gone ORDER BY random()
"""


def shuffle_reports_of_day(day: date) -> None:
    """In the transaction that adds or changes a report of this day (it holds the lock): as if all had come with it."""
    with connection.cursor() as cursor:
        cursor.execute(SHUFFLE_ROWS.format(table=TABLES[0]), [day, MAX_ROWS_SHUFFLED])


def shuffle_days(days: Sequence[date], tables: Sequence[str] = TABLES) -> None:
    """All rows of these days; what they leave behind is cleared away."""
    for day in days:
        with transaction.atomic(), connection.cursor() as cursor:
            lock_report_writes()
            for table in tables:
                cursor.execute(SHUFFLE_ROWS.format(table=table), [day, None])
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(VACUUM_TABLE.format(table=table))


def shuffle_all_reports() -> None:
    """The rows of all reports, whenever they came: what was done with one of them today leaves no trace in its row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT day FROM disclosures_report")
        days = [day for (day,) in cursor.fetchall()]
    shuffle_days(days, TABLES[:1])
