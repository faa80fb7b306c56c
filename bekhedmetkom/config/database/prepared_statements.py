"""Statements that PostgreSQL plans once for each connection, where planning takes longer than what they do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

MAX_PREPARED_STATEMENTS = (
    80  # plans of a connection, up to a megabyte each; the one that was asked longest ago goes first
)


@contextmanager
def use_prepared_statements() -> Iterator[None]:
    """What is executed in this block. One without values is planned for good at its first time.

    One with values from its sixth time on, where PostgreSQL sees that they make no difference. A statement here names
    its columns: `*` of a table that has gained one fails on every connection that knew it before.
    """
    connection.ensure_connection()
    postgres = connection.connection
    postgres.prepare_threshold, postgres.prepared_max = 0, MAX_PREPARED_STATEMENTS
    try:
        yield
    finally:
        postgres.prepare_threshold = None
