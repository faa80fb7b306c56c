"""A queryset as a statement: put into words once, and asked again with other values.

Django takes longer to word a queue than PostgreSQL to read it.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


class PreparedStatement(NamedTuple):
    """No statement: Django sees without asking that nothing is found."""

    statement: str
    values: Sequence[Any]

    def asked(self, said: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
        """Its rows; `said` has what takes the place of each value that only stood for another."""
        if not self.statement:
            return []
        with connection.cursor() as cursor:
            values = [
                said.get(value, value) if isinstance(value, Hashable) else value for value in self.values
            ]
            cursor.execute(self.statement, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def prepare_statement(rows: QuerySet[Any, Any], unsaid: Sequence[Any] = ()) -> PreparedStatement:
    """Keys and words of the domain stand in the statement's text, all but the `unsaid` ones.

    psycopg remembers how it reads a statement of at most 50 values, and reads one of more anew each time.
    """
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return PreparedStatement("", ())
    spelled = [None if value in unsaid else _format_literal(value) for value in values]
    kept = [value for value, text in zip(values, spelled, strict=True) if text is None]
    return PreparedStatement(sql % tuple(text or "%s" for text in spelled), kept)


def _format_literal(value: Any) -> str | None:
    """As SQL writes it; `None` for what had better travel apart."""
    match value:
        case bool() | int():
            return str(value)
        case [_, *_]:
            words = [text for one in value if (text := _format_literal(one))]
            return f"ARRAY[{', '.join(words)}]" if len(words) == len(value) else None
        case UUID():
            return f"'{value}'"
        case str() if value.isascii() and value.isidentifier():
            return f"'{value}'"
        case _:
            return None
