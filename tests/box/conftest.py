"""The ground under the box's tests: its own settings, a PostgreSQL of its own with the box's role, a home of its own.

Nothing here knows the main service; each worker of xdist has a server to itself.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

HOME = Path(tempfile.mkdtemp(prefix="bkb-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # noqa: S108
for name in [
    name for name in os.environ if name.startswith("BOX_") or name in ("DATABASE_URL", "PORT", "LIVE_PORT")
]:
    del os.environ[name]
os.environ |= {
    "BK_HOME": str(HOME),
    "DEMO": "1",
    "DJANGO_SETTINGS_MODULE": "bekhedmetkom.config.box_settings",
}

from django.conf import settings  # noqa: E402 (it reads what is set above, now and never again)

assert settings.configured or settings.INSTALLED_APPS
del os.environ["DJANGO_SETTINGS_MODULE"]  # a worker of xdist would read its controller's home

import django  # noqa: E402

django.setup()

from bekhedmetkom.config.postgres import BOX, Server, box_database_of  # noqa: E402
from bekhedmetkom.config.secrets import box_password  # noqa: E402
from bekhedmetkom.disclosures.commands import make_decoy  # noqa: E402
from bekhedmetkom.disclosures.place import Place, place  # noqa: E402
from bekhedmetkom.interfaces.box.tools import demonstration  # noqa: E402
from bekhedmetkom.kernel.clock import local_day, now  # noqa: E402

TODAY = local_day(now())


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
def server() -> Iterator[Server]:
    """A cluster in which the box has its database, as an installation's."""
    server = Server(HOME / "postgres", scratch=True)
    server.start()
    box_database_of(server, box_password(HOME))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def django_db_setup(server: Server, django_db_blocker: Any) -> Iterator[None]:
    """The box's database, migrated by the box's own role."""
    from django.core.management import call_command
    from django.db import connections

    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        yield
        connection: Any = connections["default"]
        connection.close()
        connection.close_pool()


@pytest.fixture
def box_url(django_db_setup: None) -> str:
    """How a DBA with the box's own password gets in."""
    return f"dbname={BOX} user={BOX} host={HOME / 'postgres'} password={box_password(HOME)}"


@pytest.fixture
def dba(box_url: str) -> Iterator["psycopg.Connection[Any]"]:
    """Somebody who sees all of the box's database, and nothing else."""
    with psycopg.connect(box_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def box(db: None, tmp_path: Path, settings: Any) -> Place:
    """A box with the demonstration's Commission, in a folder of the test's own."""
    return _opened(tmp_path, settings)


@pytest.fixture
def committed_box(transactional_db: None, tmp_path: Path, settings: Any) -> Place:
    """The same for a test that looks at what is really in the database, or from several threads."""
    return _opened(tmp_path, settings)


def _opened(folder: Path, settings: Any) -> Place:
    settings.BOX = replace(
        settings.BOX, home=folder / "box", keys=folder / "box-keys", demo_keys=folder / "demo-keys"
    )
    (folder / "box").mkdir()
    demonstration.prepare(TODAY)
    make_decoy(TODAY)
    return place()
