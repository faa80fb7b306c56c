"""Commands that make the first people and programs of an installation."""

import io
import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from pytest_django import Settings

from bekhedmetkom.identity.authentication import (
    authenticate_client,
    authenticate_officer,
    find_invited_officer,
)
from bekhedmetkom.identity.queries import find_officer_by_email
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.cli import main
from bekhedmetkom.kernel.clock import now
from tests.officer_factories import create_body, create_officer

pytestmark = pytest.mark.django_db


def run_command(*words: str) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().strip()


def test_a_program_gets_a_key_that_opens_its_scopes() -> None:
    made = json.loads(
        run_command(
            "api_client", "create", "Amman's own portal", "--scope", "cases", "--scope", "log", "--json"
        )
    )
    assert set(made) == {"id", "key"}
    found = authenticate_client(made["key"], now())
    assert found is not None
    assert found.scopes == {"cases", "log"}


def test_a_name_that_is_taken_is_refused_in_one_sentence() -> None:
    run_command("api_client", "create", "Open311")
    with pytest.raises(CommandError, match="name: This name is taken"):
        run_command("api_client", "create", "Open311")


def test_an_officers_token_acts_as_the_officer() -> None:
    someone = create_officer(Role.MAIN_OFFICER, create_body("PM"))
    token = json.loads(
        run_command("token", "create", "--officer", someone.email.upper(), "--scope", "desk", "--json")
    )
    found = authenticate_officer(token["token"], now())
    assert found is not None
    assert found.officer == someone
    assert found.scopes == {"desk"}


def test_no_token_for_nobody() -> None:
    with pytest.raises(CommandError, match=r"No officer has the address who@example\.jo"):
        run_command("token", "create", "--officer", "who@example.jo", "--scope", "desk")


def test_the_first_administrator_is_invited(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://bekhedmetkom.example"
    said = run_command("officer", "create", "first@example.jo", "--role", "administrator")
    link = re.search(r"https://bekhedmetkom\.example(\S+)", said)
    assert link is not None
    someone = find_invited_officer(link[1].rsplit("/", 1)[1], now())
    assert someone is not None
    assert someone.email == "first@example.jo"
    assert link[1] == reverse("invitation", args=[link[1].rsplit("/", 1)[1]])


def test_who_is_there_already_gets_a_second_role() -> None:
    create_body("GAM", create_body("PM"))
    run_command("officer", "create", "two@example.jo", "--role", "main_officer", "--entity", "GAM")
    run_command("officer", "create", "two@example.jo", "--role", "reviewer", "--entity", "GAM")
    found = find_officer_by_email("two@example.jo")
    assert found is not None
    with pytest.raises(CommandError, match="They already hold this role"):
        run_command("officer", "create", "two@example.jo", "--role", "reviewer", "--entity", "GAM")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--role", "main_officer", "--entity", "NOWHERE"), "entity: No open body has the code NOWHERE"),
        (("--role", "main_officer"), "entity: "),
        (("--role", "king"), "invalid choice"),
    ],
)
def test_what_cannot_be_is_said(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run_command("officer", "create", "no@example.jo", *words)
    assert find_officer_by_email("no@example.jo") is None


def test_check_setup_names_what_is_lacking(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for process in ("WEB", "WORKER"):
        monkeypatch.setenv(f"{process}_DATABASE_URL", "given")
    settings.DATABASE_URL, settings.DEMO, settings.HTTPS, settings.BK_HOME = "given", False, True, tmp_path
    settings.TRUSTED_PROXIES, settings.METRICS_TOKEN, settings.PUBLIC_URL = (
        ["10.0.0.1"],
        "x",
        "https://a.example",
    )
    settings.ALLOWED_HOSTS = ["a.example"]
    settings.SMTP_URL, settings.MAIL_RETURN = "smtp://mail.example", "bounces@mail.example"
    settings.MAIL_REPLY = "reply@mail.example"
    settings.SMS_URL, settings.SMS_RECEIPT_TOKEN = "https://sms.example", "y"
    out = io.StringIO()
    with pytest.raises(CommandError, match="4 to mend"):
        call_command("check_setup", stdout=out)
    lines = out.getvalue().splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "- LIVE_URL is not https", "- PostgreSQL has fsync off", "- There is no administrator",
        "- Nobody holds the role pm_unit",
    ]  # fmt: skip


def test_our_commands_have_the_names_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert {name.replace("-", "_") for name in main.HYPHENATED_COMMANDS} <= {
        file.stem for file in (Path(main.__file__).parent / "management" / "commands").glob("*.py")
    }


def test_a_database_without_tables_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def asks(_arguments: list[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM a_table_that_prepare_makes")

    monkeypatch.setattr("sys.argv", ["bekhedmetkom", "demo"])
    monkeypatch.setattr(main, "_start_embedded_server", lambda named: None)
    monkeypatch.setattr("django.core.management.execute_from_command_line", asks)
    assert main.main() == 1
    assert capsys.readouterr().err.strip().endswith("bekhedmetkom prepare")
