"""A letter that answers one of ours, as the mail server hands it over: on standard input."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from bekhedmetkom.attachments.rules import BUSY, TemporaryFailure
from bekhedmetkom.interfaces.cli.management.commands import letter


def run_command(monkeypatch: pytest.MonkeyPatch, raw: bytes, to: str) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    out = io.StringIO()
    call_command("letter", "--to", to, stdout=out)
    return out.getvalue()


def test_what_is_to_no_address_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_command(monkeypatch, b"\xff", "reply+1-1-x@mail.example.jo") == "not_ours\n"


@pytest.mark.parametrize("problem", [DatabaseError(), TemporaryFailure(BUSY, 5)])
def test_the_mail_server_keeps_it_meanwhile(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    def away(**given: object) -> None:
        raise problem

    monkeypatch.setattr(letter, "process_email_reply", away)
    with pytest.raises(CommandError) as refused:
        run_command(monkeypatch, b"", "reply+1-1-x@mail.example.jo")
    assert refused.value.returncode == 75
