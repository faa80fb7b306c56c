"""The API under test: a small Jordan, programs with keys and tokens, and a clock that stands at one o'clock."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.commands.api_clients import issue_token
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from tests.personas import HOUR, NOON, Jordan
from tests.snapshot import Snapshot

from .api_client import ApiClient


@pytest.fixture(scope="module")
def world(settled: tuple[Jordan, Snapshot], django_db_blocker: DjangoDbBlocker) -> Iterator[Jordan]:
    """One Jordan for all tests of a file, which are many and small; each gives back what it changes."""
    jordan, rows = settled
    with django_db_blocker.unblock(), transaction.atomic():
        rows.restore()
        yield jordan
        transaction.set_rollback(True)


@pytest.fixture
def jordan(world: Jordan, db: None) -> Jordan:
    refresh_versions()
    return world.copy()


@pytest.fixture(autouse=True)
def stands(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The doors' clock stands at an hour past noon; a test may move it."""

    def stand(at: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    stand(NOON + HOUR)
    return stand


@pytest.fixture
def anyone() -> ApiClient:
    """A program that nobody knows."""
    return ApiClient()


@pytest.fixture
def of() -> Callable[[Actor], ApiClient]:
    """`of(jordan.main)` is a program with that officer's token."""

    def with_token(officer: Actor) -> ApiClient:
        token = issue_token(officer=officer.officer_id or 0, scopes=["desk"], actor=officer, at=NOON)
        return ApiClient({"Authorization": f"Bearer {token}"})

    return with_token
