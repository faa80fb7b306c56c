"""The database under the tests: one PostgreSQL a run, migrated once, a clone of it for each worker.

`DATABASE_URL` names a server to use; without it an embedded one lives as long as the run. Several runs may go on at
once: nothing that one makes has a name that another uses.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pytest_django.plugin import DjangoDbBlocker

from bekhedmetkom.config.postgres import Server

RUN = "BK_TEST_RUN"  # the run's folder, for the workers of xdist


class Cluster:
    """The server of this run, in the process that pytest was called in."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bk-"))
        self.folder.chmod(0o711)
        self.server = None if os.environ.get("DATABASE_URL") else Server(self.folder / "pg", scratch=True)

    def start(self) -> None:
        if self.server:
            self.server.start()
        url = self.server.url("postgres") if self.server else os.environ["DATABASE_URL"]
        (self.folder / "url").write_text(url)
        os.environ[RUN] = str(self.folder)

    def stop(self) -> None:
        if template := _template(self.folder):
            with suppress(psycopg.Error):
                _administer(self.folder, f'DROP DATABASE IF EXISTS "{template}" WITH (FORCE)')
        if self.server:
            self.server.stop()
        os.environ.pop(RUN, None)
        shutil.rmtree(self.folder, ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    """Workers of xdist are given a server by their controller; a run without them starts one when it needs it."""
    if getattr(config.option, "numprocesses", None):
        config.stash[CLUSTER] = Cluster()
        config.stash[CLUSTER].start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if cluster := config.stash.get(CLUSTER, None):
        cluster.stop()


CLUSTER = pytest.StashKey[Cluster]()


@pytest.fixture(scope="session")
def run_folder(pytestconfig: pytest.Config) -> Path:
    """The folder of this run, with the address of its server."""
    if RUN not in os.environ:
        pytestconfig.stash[CLUSTER] = Cluster()
        pytestconfig.stash[CLUSTER].start()
    return Path(os.environ[RUN])


@pytest.fixture(scope="session")
def template(run_folder: Path, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of the run's migrated database, of which every other is a clone. Whoever comes first makes it."""
    with (run_folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (name := _template(run_folder)):
            name = f"bk_template_{uuid4().hex[:12]}"
            _administer(run_folder, f'CREATE DATABASE "{name}" TEMPLATE template0')
            with django_db_blocker.unblock(), _connected_to(run_folder, name):
                call_command("migrate", verbosity=0)
            (run_folder / "template").write_text(name)
    return name


@pytest.fixture(scope="session")
def django_db_setup(run_folder: Path, template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """pytest-django's hook: a database for this worker, in which each test rolls back what it did."""
    with _clone(run_folder, template) as name:
        with django_db_blocker.unblock():
            _connect(run_folder, name)
        yield
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture
def committed_db(
    run_folder: Path, template: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A database of the test's own, for a test that must commit: its name. Do not mark such a test `django_db`."""
    with _clone(run_folder, template) as name, django_db_blocker.unblock(), _connected_to(run_folder, name):
        yield name


def _template(folder: Path) -> str:
    with suppress(FileNotFoundError):
        return (folder / "template").read_text()
    return ""


@contextmanager
def _clone(folder: Path, template: str) -> Iterator[str]:
    name = f"bk_test_{uuid4().hex[:12]}"
    _administer(folder, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield name
    finally:
        _administer(folder, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _connected_to(folder: Path, name: str) -> Iterator[None]:
    """Django's connection leads to another database for a while; all its threads' connections are new ones."""
    before = str(connection.settings_dict["NAME"])
    connections.close_all()
    _connect(folder, name)
    try:
        yield
    finally:
        connections.close_all()
        _connect(folder, before)


def _connect(folder: Path, name: str) -> None:
    parts = conninfo_to_dict((folder / "url").read_text())
    setting = {"USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    places = {django: str(parts.get(libpq) or "") for django, libpq in setting.items()} | {"NAME": name}
    connection.settings_dict.update(places)
    connections.settings["default"].update(places)


def _administer(folder: Path, statement: str) -> None:
    url = make_conninfo((folder / "url").read_text())
    with psycopg.connect(url, autocommit=True) as maintenance:
        maintenance.execute(statement.encode())
