"""Where the project stands, and where an installation keeps what is its own."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

ROOT = Path(__file__).resolve().parent.parent.parent


def get_home() -> Path:
    """`BK_HOME`, or `.data` beside the project: embedded database, keys, logs, static files."""
    return Path(os.environ.get("BK_HOME") or ROOT / ".data").absolute()


def get_or_create_secret(home: Path, name: str) -> str:
    """The installation's secret of that name; made at first need, readable by its owner alone."""
    return (
        read_or_create_file(home / "secrets" / name, lambda: secrets.token_urlsafe(48).encode())
        .decode()
        .strip()
    )


def get_box_database_password(home: Path) -> str:
    """What the box shows its own embedded database."""
    return get_or_create_secret(home / "box", "database")


def read_or_create_file(file: Path, make: Callable[[], bytes]) -> bytes:
    """What `file` holds; made at first need, by one of all who need it first, whole or not at all."""
    with suppress(FileNotFoundError):
        if kept := file.read_bytes():
            return kept
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, ours = mkstemp(dir=file.parent, prefix=f"{file.name}.")  # mode 0600, and nobody else's
    with os.fdopen(handle, "wb") as out:
        out.write(make())
    with suppress(FileExistsError):  # another was first: theirs is the one
        os.link(ours, file)
    Path(ours).unlink()
    return file.read_bytes()
