"""A mail that came back, as the mail server hands it over: on standard input."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from pytest_django import Settings

from bekhedmetkom.interfaces.cli.management.commands import bounce
from bekhedmetkom.notifications.signed_addresses import build_return_path
from tests.commands.notifications.event_helpers import create_email
from tests.commands.notifications.test_bounces import REPORT
from tests.personas import NOON


def run_command(monkeypatch: pytest.MonkeyPatch, raw: bytes, to: str) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    out = io.StringIO()
    call_command("bounce", "--to", to, stdout=out)
    return out.getvalue()


def test_it_is_written_down(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAIL_RETURN = "bounces@mail.example.jo"
    letter = create_email(state="sent", sent_at=NOON)
    to = build_return_path(letter.pk)
    assert to
    raw = REPORT.format(to=to, action="failed", status="5.1.1").encode()
    assert run_command(monkeypatch, raw, to) == "A message has failed.\n"
    assert run_command(monkeypatch, b"\xff not a report", to) == "Nothing to write down.\n"
    letter.refresh_from_db()
    assert letter.state == "failed"


def test_the_mail_server_keeps_it_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(**report: object) -> bool:
        raise DatabaseError

    monkeypatch.setattr(bounce, "process_bounce", gone)
    with pytest.raises(CommandError) as refused:
        run_command(monkeypatch, b"", "bounces@mail.example.jo")
    assert refused.value.returncode == 75
