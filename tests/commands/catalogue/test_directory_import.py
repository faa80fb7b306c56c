"""The directory that the project ships, imported as an operator does it."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command

from bekhedmetkom.catalogue import queries as catalogue
from bekhedmetkom.catalogue.models import Policy, Service
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.models import ChangeRecord, Entity, Governorate
from tests.directory_sheets import DIRECTORY_FOLDER

pytestmark = pytest.mark.django_db


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("directory", "import", str(DIRECTORY_FOLDER), *arguments, stdout=out)
    return out.getvalue()


def test_everything_comes_in_and_a_second_time_changes_nothing() -> None:
    first = command()
    assert "entities.csv: 289 new, 0 changed, 0 as before" in first
    assert "categories.csv: 1626 new, 0 changed, 0 as before" in first
    assert "sla_defaults.csv line 10: confidential" in first
    assert (Entity.objects.count(), Service.objects.count(), Governorate.objects.count()) == (289, 1626, 12)
    assert Policy.objects.count() == 11
    assert Counter(
        topic.handling for topic in catalogue.list_services() if topic.handling != Handling.OPEN
    ) == {
        Handling.SEALED: 26,
        Handling.HUMAN_RIGHTS: 39,
        Handling.PROTECTED: 6,
    }
    history = ChangeRecord.objects.count()
    assert command().endswith("\n0 changes\n")
    assert ChangeRecord.objects.count() == history


def test_a_dry_run_names_what_would_come_and_writes_nothing() -> None:
    said = command("--dry-run")
    assert "entities.csv: new: GAM أمانة عمان الكبرى" in said
    assert said.endswith("2239 changes\nNothing was written: this was a dry run.\n")
    assert not Entity.objects.exists()
    assert not ChangeRecord.objects.exists()
