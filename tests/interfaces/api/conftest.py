"""The API under test: a small Jordan, programs with keys and tokens, and a clock that stands at one o'clock."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from bekhedmetkom.entities.versions import ask_again
from bekhedmetkom.identity.commands.programs import issue_token
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from tests.personas import HOUR, NOON, Jordan
from tests.snapshot import Snapshot

from .program import Program


@pytest.fixture(scope="module")
def world(settled: tuple[Jordan, Snapshot], django_db_blocker: DjangoDbBlocker) -> Iterator[Jordan]:
    """One Jordan for all tests of a file, which are many and small; each gives back what it changes."""
    jordan, rows = settled
    with django_db_blocker.unblock(), transaction.atomic():
        rows.put_back()
        yield jordan
        transaction.set_rollback(True)


@pytest.fixture
def jordan(world: Jordan, db: None) -> Jordan:
    ask_again()
    return world.again()


@pytest.fixture(autouse=True)
def stands(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The doors' clock stands at an hour past noon; a test may move it."""

    def stand(at: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    stand(NOON + HOUR)
    return stand


@pytest.fixture
def anyone() -> Program:
    """A program that nobody knows."""
    return Program()


@pytest.fixture
def of() -> Callable[[Actor], Program]:
    """`of(jordan.main)` is a program with that officer's token."""

    def with_token(officer: Actor) -> Program:
        token = issue_token(officer=officer.officer_id or 0, scopes=["desk"], actor=officer, at=NOON)
        return Program({"Authorization": f"Bearer {token}"})

    return with_token
