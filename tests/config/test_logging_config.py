"""No personal data in logs: neither in ours nor in PostgreSQL's."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DataError, connection

from bekhedmetkom.config.database.embedded_server import PRIVACY_LOG_SETTINGS, EmbeddedServer
from bekhedmetkom.config.logging_config import PrivacyFormatter

SECRET = "رقمي 0791234567"


def test_an_exception_is_logged_without_its_message() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info())
    written = PrivacyFormatter().format(record)
    assert "test_logging_config.py" in written
    assert "ValueError" in written
    assert SECRET not in written


def test_all_our_log_lines_go_through_it() -> None:
    configured: Any = settings.LOGGING
    assert configured["formatters"]["plain"]["()"] == "bekhedmetkom.config.logging_config.PrivacyFormatter"
    assert {handler["formatter"] for handler in configured["handlers"].values()} == {"plain"}
    assert not settings.DEBUG


@pytest.mark.django_db
def test_values_travel_apart_from_statements() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s || '', query FROM pg_stat_activity WHERE pid = pg_backend_pid()", [SECRET])
        value, statement = cursor.fetchone()
    assert value == SECRET
    assert SECRET not in statement


FAILING_STATEMENTS = (
    "SELECT %s::text::int",
    "SELECT %s::text::uuid",
    "SELECT to_tsquery('simple', %s)",
    "INSERT INTO person (name, kind) VALUES (%s, 'club')",
    "INSERT INTO person (name, born) VALUES (%s, 'never')",
    "SELECT 1 / length(%s) - 1 / 0",
    "DO $$ BEGIN RAISE EXCEPTION 'رقمي 0791234567'; END $$",
)


@pytest.fixture
def own_server() -> Iterator[EmbeddedServer]:
    """A PostgreSQL with our settings whose log the test can read, whatever server the suite runs on."""
    with TemporaryDirectory(prefix="bk-") as folder:
        server = EmbeddedServer(Path(folder) / "pg", scratch=True)
        server.start()
        yield server
        server.stop()


def test_postgresql_logs_no_value_of_a_refused_statement(own_server: EmbeddedServer) -> None:
    log = own_server.folder / "server.log"
    with psycopg.connect(own_server.build_url("postgres"), autocommit=True) as database:
        database.execute("CREATE TABLE person (name text, born date, kind text CHECK (kind = 'citizen'))")
        for statement in FAILING_STATEMENTS:
            with pytest.raises(psycopg.Error):
                database.execute(statement, [SECRET] if "%s" in statement else None)
    assert log.stat().st_size > 0
    assert "0791234567" not in log.read_text()


@pytest.mark.django_db
def test_what_postgresql_refuses_it_does_not_write_down() -> None:
    with connection.cursor() as cursor:
        for name, value in PRIVACY_LOG_SETTINGS.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            assert cursor.fetchone() == (value,)
        with pytest.raises(DataError):
            cursor.execute("SELECT %s::text::int", [SECRET])
        connection.needs_rollback = True
