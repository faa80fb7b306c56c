"""A pool keeps connections; the server may have ended them meanwhile."""

from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy

import pytest
from django.db import ProgrammingError, connection
from django.db.backends.postgresql.base import DatabaseWrapper

from bekhedmetkom.config.database.roles import reset_row_security


@pytest.fixture
def pooled(committed_db: str) -> Iterator[DatabaseWrapper]:
    settings = deepcopy(connection.settings_dict)
    settings["CONN_HEALTH_CHECKS"] = True
    settings["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 2, "timeout": 5, "reset": reset_row_security}
    wrapper = DatabaseWrapper(settings, alias="default")
    yield wrapper
    wrapper.close()
    wrapper.close_pool()


def test_a_connection_that_the_server_has_ended_is_not_given_out(pooled: DatabaseWrapper) -> None:
    for _each in range(5):
        with pooled.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (process,) = cursor.fetchone()
        pooled.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])


def test_whom_a_request_was_let_in_for_does_not_stay(pooled: DatabaseWrapper) -> None:
    for _each in range(4):
        with pooled.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting('bk.cases', true), '')")
            assert cursor.fetchone() == ("",)
            cursor.execute("SELECT set_config('bk.cases', '{00000000-0000-7000-8000-000000000000}', false)")
            pooled.connection.let_in = True
        pooled.close()


def test_a_connection_that_is_still_in_a_transaction_is_put_down_too(pooled: DatabaseWrapper) -> None:
    for _each in range(4):
        with pooled.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting('bk.cases', true), '')")
            assert cursor.fetchone() == ("",)
            cursor.execute("SELECT set_config('bk.cases', '{00000000-0000-7000-8000-000000000000}', false)")
            pooled.connection.let_in = True
            cursor.execute("BEGIN")
            with suppress(ProgrammingError):
                cursor.execute("SELECT nothing")
        pooled.close()
