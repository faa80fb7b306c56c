"""Rows that many tests begin with: written down once, put back into each test's own transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from psycopg.sql import SQL, Identifier


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What tables hold, as COPY spells it. Keys come back too, and the numbers by which memory knows what it holds."""

    tables: Mapping[str, bytes]

    @classmethod
    def take(cls) -> "Snapshot":
        return cls({table: _copy_table(table) for table in connection.introspection.table_names()})

    def diff(self, before: "Snapshot") -> "Snapshot":
        """Only the tables that are not as they were."""
        return Snapshot({
            table: rows for table, rows in self.tables.items() if rows != before.tables[table]
        })  # fmt: skip

    def restore(self) -> None:
        """Make these tables what they were. Their triggers and keys need not look: they have before."""
        with connection.cursor() as cursor:
            cursor.execute(SET_REPLICATION_ROLE, ["replica"])
            for table, rows in self.tables.items():
                cursor.execute(SQL("DELETE FROM {}").format(Identifier(table)))
                with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copy:
                    copy.write(rows)
            cursor.execute(SET_REPLICATION_ROLE, ["origin"])


def _copy_table(table: str) -> bytes:
    with (
        connection.cursor() as cursor,
        cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as copy,
    ):
        return b"".join(copy)


SET_REPLICATION_ROLE = """
SELECT CASE WHEN has_parameter_privilege('session_replication_role', 'SET')
            THEN set_config('session_replication_role', %s, true) END
"""
