"""The demonstration, written to a database of its own and looked at from every side."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from bekhedmetkom.cases import feed
from bekhedmetkom.cases.commands import sweep_deadlines
from bekhedmetkom.cases.models import Case, CaseSearch, CaseText
from bekhedmetkom.cases.queries import find_case_for_citizen
from bekhedmetkom.catalogue.directory_import import import_directory
from bekhedmetkom.entities.queries import get_sectors, get_tree
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Membership
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.cli.demo import generation
from bekhedmetkom.kernel.references import parse_access_code
from bekhedmetkom.language.normalisation import list_stems
from bekhedmetkom.notifications.models import Message

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
DIRECTORY = Path(__file__).parents[3] / "data" / "directory"
AT_THE_FIRST_BODY = (
    "main_officer",
    "sub_officer",
    "approver",
    "reviewer",
    "manager",
    "head_of_body",
    "duty_officer",
)


def run_command(*words: str) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.fixture
def demo(
    committed_db: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, dict[str, str]]:
    """Sixty cases, in two batches by two processes; the accounts that it made."""
    settings.BK_HOME = tmp_path
    monkeypatch.setattr(generation, "BATCH_SIZE", 30)
    import_directory(DIRECTORY, at=AT)
    refresh_versions()
    run_command("demo", "--cases", "60", "--seed", "7", "--at", AT.isoformat())
    accounts: dict[str, dict[str, str]] = json.loads((tmp_path / "accounts.json").read_text())
    return accounts


def test_it_can_be_looked_at_from_every_side(
    demo: dict[str, dict[str, str]], tmp_path: Path, client: Client
) -> None:
    """One database for all of it: making it is what takes the time."""
    assert Case.objects.count() == 60
    assert "60 cases: every journal holds." in run_command("journal", "verify")
    _nobody_is_told()
    _search_is_as_its_follower_would_have_it()
    _the_accounts_are_whose_the_contract_says(demo)
    _they_can_sign_in(demo, client)
    _only_the_owner_reads(tmp_path / "accounts.json")
    _the_examples_can_be_followed(tmp_path / "examples.json")
    _time_goes_on_from_there()
    _one_seed_is_made_once()
    _a_changed_word_is_found()


def _nobody_is_told() -> None:
    feed.run_consumers()
    assert not Message.objects.exists()


def _search_is_as_its_follower_would_have_it() -> None:
    assert CaseSearch.objects.count() == 60
    row = Case.objects.filter(state="received").first() or Case.objects.earliest("received_at")
    said = CaseText.objects.filter(case=row, field__in=("text", "title", "message", "answer")).order_by("seq")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(words) FROM case_search WHERE case_id = %s", [row.pk])
        assert set(cursor.fetchone()[0]) == set(list_stems(" ".join(text.body for text in said)))


def _the_accounts_are_whose_the_contract_says(demo: dict[str, dict[str, str]]) -> None:
    where = {key: _membership(who["email"]) for key, who in demo.items()}
    assert set(demo) == {*(str(role) for role in Role), "rival_officer"}
    first = where["main_officer"].entity_id
    assert first is not None
    assert {where[key].entity_id for key in AT_THE_FIRST_BODY} == {first}
    assert where["rival_officer"].entity_id not in (None, first)
    sector = next(row for row in get_sectors().values() if row.id == get_tree()[first].sector)
    assert where["minister"].entity_id == where["minister_office"].entity_id == sector.ministry
    assert len(set(Membership.objects.filter(role="main_officer").values_list("entity", flat=True))) >= 95


def _membership(email: str) -> Membership:
    return Membership.objects.get(officer__email=email)


def _they_can_sign_in(demo: dict[str, dict[str, str]], client: Client) -> None:
    for role in ("main_officer", "minister", "administrator"):
        came_in = client.post("/sign-in", {"login": demo[role]["email"], "password": demo[role]["password"]})
        assert came_in.status_code == 302, role
        assert "_auth_user_id" in client.session
        client.logout()


def _only_the_owner_reads(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600


def _the_examples_can_be_followed(file: Path) -> None:
    examples = json.loads(file.read_text())
    assert examples
    for example in examples:
        code = parse_access_code(example["access_code"])
        assert code is not None
        assert find_case_for_citizen(example["reference"], code, AT) is not None


def _time_goes_on_from_there() -> None:
    """What the demonstration left to the clock, the sweep takes up: and journals still hold."""
    assert not Case.objects.filter(look_at__lt=AT).exists()
    assert sweep_deadlines(AT + timedelta(days=60)) > 0
    assert "every journal holds" in run_command("journal", "verify", "--since", "2026-01-01")


def _one_seed_is_made_once() -> None:
    with pytest.raises(CommandError, match="seed 7"):
        run_command("demo", "--cases", "60", "--seed", "7", "--at", AT.isoformat())
    assert Case.objects.count() == 60


def _a_changed_word_is_found() -> None:
    text = CaseText.objects.filter(field="text").first()
    assert text is not None
    CaseText.objects.filter(pk=text.pk).update(body="غير ما كُتب")
    out = io.StringIO()
    with pytest.raises(CommandError, match="Faults: 1, in 60 cases"):
        call_command("journal", "verify", stdout=out)
    assert f"{text.case.reference}, event 1: its text was changed" in out.getvalue()
