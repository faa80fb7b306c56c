"""Outer keys: everything that the database holds of a report is closed once more with a key that lies elsewhere.

Where that key is deleted, the report cannot be read again by anybody: not from a backup of the database, not with an
officer's key, not with the receipt. A file a day, its keys in the order of their reports' random ids, so that no file
says which came first.
"""

import fcntl
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from pathlib import Path
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from .place import place
from .rules.padding import Broken

STEP = 4096  # bytes; what is closed has a multiple of this, and a little more


class Gone(Exception):
    """This report has no outer key any more: it was erased."""


def fresh() -> bytes:
    """A key that no report had before."""
    return secrets.token_bytes(SecretBox.KEY_SIZE)


def keep(report: UUID, day: date, key: bytes) -> None:
    """Keep a report's key. It is on the disk when this returns."""
    with _locked():
        _write(day, _read(day) | {str(report): b64encode(key).decode()})


def of(report: UUID, day: date) -> bytes:
    """The key of a report, or `Gone`."""
    try:
        return b64decode(_read(day)[str(report)])
    except KeyError:
        raise Gone from None


def forget(report: UUID, day: date) -> None:
    """Delete a report's key: this is its erasure."""
    with _locked():
        kept = _read(day)
        if kept.pop(str(report), None):
            _write(day, kept)


def closed(key: bytes, plain: bytes) -> bytes:
    """`plain` under an outer key, padded so that its size says little."""
    said = len(plain).to_bytes(4, "big") + plain
    return bytes(SecretBox(key).encrypt(said + bytes(-len(said) % STEP)))


def opened(key: bytes, shut: bytes) -> bytes:
    """What `closed` closed, or `Broken`."""
    try:
        said = SecretBox(key).decrypt(bytes(shut))
    except (CryptoError, ValueError) as error:
        raise Broken from error
    return said[4 : 4 + int.from_bytes(said[:4], "big")]


def _file(day: date) -> Path:
    return place().keys / f"{day}.json"


def _read(day: date) -> dict[str, str]:
    with suppress(FileNotFoundError):
        said: dict[str, str] = json.loads(_file(day).read_text())
        return said
    return {}


def _write(day: date, keys: Mapping[str, str]) -> None:
    """Whole or not at all. The file's time is its day's, not the last report's."""
    file = _file(day)
    new = file.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(dict(sorted(keys.items())), out)
        out.flush()
        os.fsync(out.fileno())
    _dated(new, day)
    new.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    if not keys:
        file.unlink()


@contextmanager
def _locked() -> Iterator[None]:
    """One writer at a time, of all processes."""
    place().keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(place().keys / "lock", os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        _dated(place().keys / "lock", date(2000, 1, 1))
        _dated(place().keys, date(2000, 1, 1))
        os.close(lock)


def _dated(path: Path, day: date) -> None:
    """A file's time says no more than a day: a backup carries it."""
    midnight = datetime.combine(day, time()).timestamp()
    os.utime(path, (midnight, midnight))
