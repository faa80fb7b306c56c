"""The ground under the box's tests: its own settings, a PostgreSQL of its own with the box's role, a home of its own.

Nothing here knows the main service; each worker of xdist has a server to itself.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.box.support.environment import HOME, TODAY

# It sets what the box's settings read, so all else comes after it.
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
PEOPLE = HOME / "people"  # the Commission's keys, for each test's box: to lock them takes Argon2id four times


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    from django.test import override_settings

    lying = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    override_settings(
        STORAGES={"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}, "staticfiles": lying},
        STATIC_ROOT=None,
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_AUTOREFRESH=True,
    ).enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """A cluster in which the box has its database, as an installation's."""
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
    """Words are stretched in a moment where nobody but this process stretches them: no browser, no real server."""
    if not {"chromium", "home_box"}.intersection(request.fixturenames):
        monkeypatch.setattr(receipts, "_PASSES", 1)
        monkeypatch.setattr(receipts, "_MEMORY", 1 << 20)


@pytest.fixture
def box_url(django_db_setup: None) -> str:
    """Connection string of a database administrator with the box's own password."""
    password = get_box_database_password(HOME)
    return f"dbname={BOX_DATABASE} user={BOX_DATABASE} host={HOME / 'postgres'} password={password}"


@pytest.fixture
def dba(box_url: str) -> Iterator["psycopg.Connection[Any]"]:
    """Somebody who sees all of the box's database, and nothing else."""
    with psycopg.connect(box_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def box(db: None, tmp_path: Path, settings: Any) -> Installation:
    """A box with the demonstration's Commission, in a folder of the test's own."""
    return _opened(tmp_path, settings)


@pytest.fixture
def committed_box(transactional_db: None, tmp_path: Path, settings: Any) -> Installation:
    """The same for a test that looks at what is really in the database, or from several threads."""
    return _opened(tmp_path, settings)


@pytest.fixture
def home_box(transactional_db: None) -> Installation:
    """The box of the run's own home, for tests that start its real process."""
    shutil.rmtree(get_installation().key_folder, ignore_errors=True)
    demo_commission.create_demo_commission(TODAY)
    create_decoy(TODAY)
    return get_installation()


def _opened(folder: Path, settings: Any) -> Installation:
    settings.BOX = replace(
        settings.BOX,
        home=folder / "box",
        key_folder=folder / "box-keys",
        demo_key_folder=folder / "demo-keys",
    )
    (folder / "box").mkdir()
    if PEOPLE.exists():
        shutil.copytree(PEOPLE, get_installation().demo_key_folder)
    demo_commission.create_demo_commission(TODAY)
    if not PEOPLE.exists():
        shutil.copytree(get_installation().demo_key_folder, PEOPLE)
    create_decoy(TODAY)
    return get_installation()
