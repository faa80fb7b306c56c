"""No personal data in logs: neither in ours nor in PostgreSQL's."""

import logging
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, DataError, connection, transaction

from bekhedmetkom.config.logs import WithoutPeople
from bekhedmetkom.config.postgres import QUIET

SECRET = "رقمي 0791234567"


def test_an_exception_is_logged_without_its_message() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info())
    written = WithoutPeople().format(record)
    assert "test_logs.py" in written
    assert "ValueError" in written
    assert SECRET not in written


def test_all_our_log_lines_go_through_it() -> None:
    configured: Any = settings.LOGGING
    assert configured["formatters"]["plain"]["()"] == "bekhedmetkom.config.logs.WithoutPeople"
    assert {handler["formatter"] for handler in configured["handlers"].values()} == {"plain"}
    assert not settings.DEBUG


@pytest.mark.django_db
def test_values_travel_apart_from_statements() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s || '', query FROM pg_stat_activity WHERE pid = pg_backend_pid()", [SECRET])
        value, statement = cursor.fetchone()
    assert value == SECRET
    assert SECRET not in statement


REFUSED = (
    "SELECT %s::text::int",
    "SELECT %s::text::uuid",
    "SELECT to_tsquery('simple', %s)",
    "INSERT INTO entities_entity (code, name_ar, name_en, kind) VALUES ('X', %s, '', 'club')",
    "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, '', 'never')",
    "SELECT 1 / length(%s) - 1 / 0",
    "DO $$ BEGIN RAISE EXCEPTION 'رقمي 0791234567'; END $$",
)


@pytest.mark.django_db
def test_no_refusal_of_postgresql_puts_a_value_into_its_log() -> None:
    log = Path(connection.settings_dict["HOST"]) / "server.log"
    if not log.exists():
        pytest.skip("the log of the server that DATABASE_URL names is elsewhere")
    before = log.stat().st_size
    for statement in REFUSED:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [SECRET] if "%s" in statement else None)
    written = log.read_bytes()[before:].decode()
    assert "0791234567" not in written


@pytest.mark.django_db
def test_what_postgresql_refuses_it_does_not_write_down() -> None:
    with connection.cursor() as cursor:
        for name, value in QUIET.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            assert cursor.fetchone() == (value,)
        with pytest.raises(DataError):
            cursor.execute("SELECT %s::text::int", [SECRET])
        connection.needs_rollback = True
