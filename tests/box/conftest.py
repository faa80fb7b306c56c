"""Fixtures of the box's tests: own settings, PostgreSQL server, database role and home folder, per xdist worker."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.box.support.environment import HOME, TODAY

# It sets the environment that the box's settings read, so it must be imported first.
# isort: split
from bekhedmetkom.config.database.embedded_server import BOX_DATABASE, EmbeddedServer, create_box_database
from bekhedmetkom.config.installation import get_box_database_password
from bekhedmetkom.disclosures.commands import create_decoy
from bekhedmetkom.disclosures.installation import Installation, get_installation
from bekhedmetkom.disclosures.rules import receipts
from bekhedmetkom.interfaces.box.tools import demo_commission
from tests.box.support.browser import chromium as chromium
from tests.box.support.browser import modules as modules
from tests.box.support.browser_actors import address as address
from tests.box.support.browser_actors import opens as opens
from tests.determinism import configure_hypothesis
from tests.determinism import drawn_by_name as drawn_by_name

configure_hypothesis()
CACHED_KEYS = (
    HOME / "people"
)  # the Commission\'s keys, reused by all tests: wrapping them takes Argon2id four times


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    from django.test import override_settings

    plain_storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    override_settings(
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": plain_storage,
        },
        STATIC_ROOT=None,
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_AUTOREFRESH=True,
    ).enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """A PostgreSQL server with the box's database."""
    server = EmbeddedServer(HOME / "postgres", scratch=True)
    server.start()
    create_box_database(server, get_box_database_password(HOME))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def django_db_setup(server: EmbeddedServer, django_db_blocker: Any) -> Iterator[None]:
    """The box's database, migrated by the box's own role."""
    from django.core.management import call_command
    from django.db import connections

    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        yield
        connection: Any = connections["default"]
        connection.close()
        connection.close_pool()


@pytest.fixture(autouse=True)
def quick_words(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weaken Argon2id unless a browser or a real server process derives keys too."""
    if not {"chromium", "home_box"}.intersection(request.fixturenames):
        monkeypatch.setattr(receipts, "_PASSES", 1)
        monkeypatch.setattr(receipts, "_MEMORY", 1 << 20)


@pytest.fixture
def skip_vacuum(monkeypatch: pytest.MonkeyPatch) -> None:
    """VACUUM cannot run within a test's transaction; attacks/test_12_row_order.py runs it."""
    monkeypatch.setattr("bekhedmetkom.disclosures.commands.row_shuffling.VACUUM_TABLE", "SELECT 1 -- {table}")


@pytest.fixture
def box_url(django_db_setup: None) -> str:
    """Connection string of a database administrator with the box's own password."""
    password = get_box_database_password(HOME)
    return f"dbname={BOX_DATABASE} user={BOX_DATABASE} host={HOME / 'postgres'} password={password}"


@pytest.fixture
def dba(box_url: str) -> Iterator["psycopg.Connection[Any]"]:
    """Connection of a database administrator of the box."""
    with psycopg.connect(box_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def box(db: None, tmp_path: Path, settings: Any) -> Installation:
    """A box with the demonstration's Commission, in the test's own folder."""
    return _create_box(tmp_path, settings)


@pytest.fixture
def committed_box(transactional_db: None, tmp_path: Path, settings: Any) -> Installation:
    """Like `box`, for tests that read committed rows or use several threads."""
    return _create_box(tmp_path, settings)


@pytest.fixture
def home_box(transactional_db: None) -> Installation:
    """The box of the run's own home folder, for tests that start its real process."""
    shutil.rmtree(get_installation().key_folder, ignore_errors=True)
    demo_commission.create_demo_commission(TODAY)
    create_decoy(TODAY)
    return get_installation()


def _create_box(folder: Path, settings: Any) -> Installation:
    settings.BOX = replace(
        settings.BOX,
        home=folder / "box",
        key_folder=folder / "box-keys",
        demo_key_folder=folder / "demo-keys",
    )
    (folder / "box").mkdir()
    if CACHED_KEYS.exists():
        shutil.copytree(CACHED_KEYS, get_installation().demo_key_folder)
    demo_commission.create_demo_commission(TODAY)
    if not CACHED_KEYS.exists():
        shutil.copytree(get_installation().demo_key_folder, CACHED_KEYS)
    create_decoy(TODAY)
    return get_installation()
