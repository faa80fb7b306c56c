"""The database under the tests: one PostgreSQL a run, migrated beforehand, a clone of it for each worker.

`DATABASE_URL` names a server to use; without it an embedded one lives as long as the run. Several runs may
go on at once: nothing that one makes has a name or a folder that another uses.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import override_settings
from playwright.sync_api import Browser, sync_playwright
from psycopg.conninfo import conninfo_to_dict
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from bekhedmetkom.catalogue.directory_import import import_directory
from bekhedmetkom.config.database.embedded_server import EmbeddedServer, change_owner
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity import rate_limit
from bekhedmetkom.kernel.clock import AMMAN
from tests.determinism import SECRET_KEY, configure_hypothesis
from tests.determinism import drawn_by_name as drawn_by_name
from tests.page_checks import set_expect_timeout
from tests.personas import Jordan, create_world
from tests.personas import jordan as jordan  # fixtures: the world that most tests live in
from tests.personas import settled as settled
from tools.chromium import find_chromium

configure_hypothesis()
collect_ignore = ["box"]  # a service of its own, with settings of its own: `pytest tests/box`
ROOT = Path(__file__).resolve().parent.parent
RUN = "BK_TEST_RUN"  # tells the workers of xdist: address of the server, name of the migrated database
TEMPLATE = "bk_template"
PLAIN_STATIC_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"


MEMORY_FOLDER = Path("/dev", "shm")
MIN_FREE_BYTES = 4_000_000_000  # bytes; a run takes a tenth of it


def _find_memory_folder() -> Path | None:
    """A file system in memory, where there is one with room: on a disk a clone costs ten times as much."""
    return (
        MEMORY_FOLDER
        if MEMORY_FOLDER.is_dir() and shutil.disk_usage(MEMORY_FOLDER).free > MIN_FREE_BYTES
        else None
    )


class Cluster:
    """The server of this run; it belongs to the process in which pytest was called."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bk-", dir=_find_memory_folder()))
        self.server = (
            None if os.environ.get("DATABASE_URL") else EmbeddedServer(self.folder / "pg", scratch=True)
        )
        self.url = self.server.build_url("postgres") if self.server else os.environ["DATABASE_URL"]
        self.template_name = TEMPLATE if self.server else f"{TEMPLATE}_{uuid4().hex[:12]}"

    def start(self) -> None:
        if self.server:
            copy_migrated_cluster(self.server.folder)
            self.server.start()
        else:
            _make_template(self.url, self.template_name)
        os.environ[RUN] = f"{self.url} {self.template_name}"

    def stop(self) -> None:
        if self.server:
            self.server.stop()
        else:
            _run_maintenance_statement(
                self.url, f'DROP DATABASE IF EXISTS "{self.template_name}" WITH (FORCE)'
            )
        os.environ.pop(RUN, None)
        shutil.rmtree(self.folder, ignore_errors=True)


CLUSTER_KEY = pytest.StashKey[Cluster]()
FILES_KEY = pytest.StashKey[Path]()


def _build_file_storage(folder: Path) -> dict[str, Any]:
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Workers of xdist are given a server by their controller; a run without them starts one at need."""
    config.stash[FILES_KEY] = Path(tempfile.mkdtemp(prefix="bk-files-"))
    override_settings(  # not by assignment: what Django has read already would stay as it was
        SECRET_KEY=SECRET_KEY,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES=settings.STORAGES
        | {
            "staticfiles": {"BACKEND": PLAIN_STATIC_STORAGE},
            "files": _build_file_storage(config.stash[FILES_KEY] / "files"),
        },
        FILE_UPLOAD_TEMP_DIR=config.stash[FILES_KEY] / "incoming",
        STATIC_ROOT=None,
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_AUTOREFRESH=True,
        OFFICERS_NEED_SECOND_FACTOR=False,  # with `DATABASE_URL` too; the tests of sign-in demand it themselves
    ).enable()
    if getattr(config.option, "numprocesses", None):
        _start_cluster(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    if cluster := config.stash.get(CLUSTER_KEY, None):
        cluster.stop()
    if files := config.stash.get(FILES_KEY, None):
        shutil.rmtree(files, ignore_errors=True)


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> tuple[str, str]:
    """The address of the run's server, and the name of the migrated database that others are cloned from."""
    if RUN not in os.environ:
        _start_cluster(pytestconfig)
    url, template = os.environ[RUN].split()
    return url, template


@pytest.fixture(scope="session")
def django_db_setup(server: tuple[str, str], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """pytest-django's hook: a database for this worker, in which each test rolls back what it did."""
    with _clone(*server) as name:
        with django_db_blocker.unblock():
            _set_connection(server[0], name)
        yield
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture
def committed_db(
    server: tuple[str, str], django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A database of its own for a test that must commit: its name. Such a test is not marked `django_db`."""
    with _clone(*server) as name, django_db_blocker.unblock(), _connected_to(server[0], name):
        yield name


@pytest.fixture(scope="session")
def committed_world(
    server: tuple[str, str], django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[str, Jordan]]:
    """A database in which the small Jordan is settled, for others to be cloned from; and the Jordan."""
    with _clone(*server) as name:
        with django_db_blocker.unblock(), _connected_to(server[0], name):
            jordan = create_world()
        yield name, jordan


@pytest.fixture
def committed_jordan(
    server: tuple[str, str], committed_world: tuple[str, Jordan], django_db_blocker: DjangoDbBlocker
) -> Iterator[Jordan]:
    """The small Jordan in a database of its own, as `committed_db` is one."""
    settled, jordan = committed_world
    with _clone(server[0], settled) as name, django_db_blocker.unblock(), _connected_to(server[0], name):
        refresh_versions()
        yield jordan.copy()


@pytest.fixture(scope="module")
def directory(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The project's own directory, imported once for a module: each of its tests rolls back to it, no further."""
    with django_db_blocker.unblock(), transaction.atomic():
        import_directory(ROOT / "data" / "directory", at=datetime(2026, 11, 24, 12, tzinfo=AMMAN))
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What this process holds in memory of the directory was another test's, and rolled back with it."""
    refresh_versions()
    rate_limit.clear_local_counters()


def _start_cluster(config: pytest.Config) -> None:
    cluster = config.stash[CLUSTER_KEY] = Cluster()
    with config.stash[blocking_manager_key].unblock():
        cluster.start()


def copy_migrated_cluster(folder: Path) -> None:
    """Copy a migrated cluster to `folder`; create it in `build/testdb` if the migrations changed.

    Migrating takes ten seconds, copying the files half a second.
    """
    kept = ROOT / "build" / "testdb"
    kept.mkdir(parents=True, exist_ok=True)
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready = kept / _hash_migrations()
        if not ready.exists():
            for old in kept.glob("*/"):
                shutil.rmtree(old)
            maker = EmbeddedServer(folder, scratch=True)
            maker.start()
            _make_template(maker.build_url("postgres"), TEMPLATE)
            maker.stop()
            copy = kept / "incomplete"  # a copy across file systems that is interrupted must not be used
            shutil.move(folder, copy)
            copy.rename(ready)
        shutil.copytree(ready, folder)
    change_owner(folder)


def _hash_migrations() -> str:
    digest = hashlib.sha256(repr((settings.INSTALLED_APPS, settings.AUTH_USER_MODEL)).encode())
    ours = [config for config in apps.get_app_configs() if config.name.startswith("bekhedmetkom.")]
    migrations = [file for config in ours for file in sorted(Path(config.path).glob("migrations/*.py"))]
    roles = ROOT / "bekhedmetkom" / "config" / "database" / "roles.py"
    for file in [*migrations, roles, ROOT / "requirements" / "dev.txt"]:
        digest.update(f"{file} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def _make_template(url: str, name: str) -> None:
    _run_maintenance_statement(url, f'CREATE DATABASE "{name}" TEMPLATE template0')
    with _connected_to(url, name):
        call_command("migrate", verbosity=0)


@contextmanager
def _clone(url: str, template: str) -> Iterator[str]:
    name = f"bk_test_{uuid4().hex[:12]}"
    _run_maintenance_statement(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    try:
        yield name
    finally:
        _run_maintenance_statement(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _connected_to(url: str, name: str) -> Iterator[None]:
    """Django's connection leads to another database for a while, in this thread and those started in it."""
    before = dict(connection.settings_dict)
    connections.close_all()
    _set_connection(url, name)
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict.update(before)
        connections.settings["default"].update(before)


def _set_connection(url: str, name: str) -> None:
    parts = conninfo_to_dict(url)
    setting = {"USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    places = {django: str(parts.get(libpq) or "") for django, libpq in setting.items()} | {"NAME": name}
    connection.settings_dict.update(places)
    connections.settings["default"].update(places)


def _run_maintenance_statement(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as maintenance:
        maintenance.execute(statement.encode())


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser a process: Playwright's synchronous face bears no second one beside it.

    It runs a loop in this thread, and Django refuses its database to a thread with a loop unless told that it may.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    set_expect_timeout()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()
