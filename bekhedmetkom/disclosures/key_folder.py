"""Files outside the database, which its administrators cannot reach: outer keys, epoch and journal head."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from pathlib import Path

from .installation import get_installation

NEUTRAL_DATE = date(2000, 1, 1)  # modification time of files without a day of their own


def read_file(name: str) -> str:
    """Return the file's text, or nothing if there is none."""
    with suppress(FileNotFoundError):
        return (get_installation().key_folder / name).read_text()
    return ""


def write_file(name: str, text: str, day: date = NEUTRAL_DATE) -> None:
    """Write the file atomically and durably, within `lock_folder`. Its modification time is set to `day`."""
    file = get_installation().key_folder / name
    new = file.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    _set_file_date(new, day)
    new.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def lock_folder() -> Iterator[None]:
    """Serialise writers of all processes."""
    get_installation().key_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(get_installation().key_folder / "lock", os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        _set_file_date(get_installation().key_folder / "lock", NEUTRAL_DATE)
        _set_file_date(get_installation().key_folder, NEUTRAL_DATE)
        os.close(lock)


def _set_file_date(path: Path, day: date) -> None:
    """Set the modification time to midnight: a backup would reveal the exact time."""
    midnight = datetime.combine(day, time()).timestamp()
    os.utime(path, (midnight, midnight))
