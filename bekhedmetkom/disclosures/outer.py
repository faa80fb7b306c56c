"""Outer keys: everything that the database holds of a report is closed once more with a key that lies elsewhere.

Where that key is deleted, the report cannot be read again by anybody: not from a backup of the database, not with an
officer's key, not with the receipt. A file a day, its keys in the order of their reports' random ids, so that no file
says which came first.
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from . import beside
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
    with beside.locked():
        _write(day, _read(day) | {str(report): b64encode(key).decode()})


def of(report: UUID, day: date) -> bytes:
    """The key of a report, or `Gone`."""
    try:
        return of_the_day(day)[str(report)]
    except KeyError:
        raise Gone from None


def of_the_day(day: date) -> dict[str, bytes]:
    """The keys of all reports of a day: whoever needs many of them reads the file once."""
    return {report: b64decode(key) for report, key in _read(day).items()}


def forget(report: UUID, day: date) -> None:
    """Delete a report's key: this is its erasure."""
    with beside.locked():
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


def _read(day: date) -> dict[str, str]:
    said: dict[str, str] = json.loads(beside.read(f"{day}.json") or "{}")
    return said


def _write(day: date, keys: Mapping[str, str]) -> None:
    """The file's time is its day's, not the last report's."""
    beside.write(f"{day}.json", json.dumps(dict(sorted(keys.items()))), day)
    if not keys:
        (place().keys / f"{day}.json").unlink()
