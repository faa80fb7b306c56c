"""The folder that the database's administrators do not reach: outer keys, and what the database is checked against."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from pathlib import Path

from .place import place

NO_DAY = date(2000, 1, 1)  # the time of whatever is written anew on any day


def read(name: str) -> str:
    """What the file of this name says; nothing where there is none."""
    with suppress(FileNotFoundError):
        return (place().keys / name).read_text()
    return ""


def write(name: str, text: str, day: date = NO_DAY) -> None:
    """Whole or not at all, and on the disk when this returns; within `locked`. Its time is `day`, not this moment."""
    file = place().keys / name
    new = file.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    _dated(new, day)
    new.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def locked() -> Iterator[None]:
    """One writer at a time, of all processes."""
    place().keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(place().keys / "lock", os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        _dated(place().keys / "lock", NO_DAY)
        _dated(place().keys, NO_DAY)
        os.close(lock)


def _dated(path: Path, day: date) -> None:
    """A file's time says no more than a day: a backup carries it."""
    midnight = datetime.combine(day, time()).timestamp()
    os.utime(path, (midnight, midnight))
