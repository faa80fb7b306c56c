"""Statements that PostgreSQL plans once for each connection, where planning takes longer than what they do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

KEPT = 20  # plans of a connection, up to a megabyte each; the one that was asked longest ago goes first


@contextmanager
def prepared() -> Iterator[None]:
    """What is executed in this block. One without values is planned for good at its first time."""
    connection.ensure_connection()
    postgres = connection.connection
    postgres.prepare_threshold, postgres.prepared_max = 0, KEPT
    try:
        yield
    finally:
        postgres.prepare_threshold = None
