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

from . import key_folder
from .installation import get_installation
from .rules.frame import CorruptData

PADDING_STEP = 4096  # bytes; what is closed has a multiple of this, and a little more


class MissingOuterKey(Exception):
    """This report has no outer key any more: it was erased."""


def generate_key() -> bytes:
    """A key that no report had before."""
    return secrets.token_bytes(SecretBox.KEY_SIZE)


def store_key(report: UUID, day: date, key: bytes) -> None:
    """Keep a report's key. It is on the disk when this returns."""
    with key_folder.lock_folder():
        _write_keys(day, _read_keys(day) | {str(report): b64encode(key).decode()})


def get_key(report: UUID, day: date) -> bytes:
    """The key of a report, or `Gone`."""
    try:
        return list_keys_of_day(day)[str(report)]
    except KeyError:
        raise MissingOuterKey from None


def list_keys_of_day(day: date) -> dict[str, bytes]:
    """The keys of all reports of a day: whoever needs many of them reads the file once."""
    return {report: b64decode(key) for report, key in _read_keys(day).items()}


def delete_key(report: UUID, day: date) -> None:
    """Delete a report's key: this is its erasure."""
    with key_folder.lock_folder():
        kept = _read_keys(day)
        if kept.pop(str(report), None):
            _write_keys(day, kept)


def encrypt(key: bytes, plain: bytes) -> bytes:
    """`plain` under an outer key, padded so that its size says little."""
    said = len(plain).to_bytes(4, "big") + plain
    return bytes(SecretBox(key).encrypt(said + bytes(-len(said) % PADDING_STEP)))


def decrypt(key: bytes, shut: bytes) -> bytes:
    """What `closed` closed, or `Broken`."""
    try:
        said = SecretBox(key).decrypt(bytes(shut))
    except (CryptoError, ValueError) as error:
        raise CorruptData from error
    return said[4 : 4 + int.from_bytes(said[:4], "big")]


def _read_keys(day: date) -> dict[str, str]:
    said: dict[str, str] = json.loads(key_folder.read_file(f"{day}.json") or "{}")
    return said


def _write_keys(day: date, keys: Mapping[str, str]) -> None:
    """The file's time is its day's, not the last report's."""
    key_folder.write_file(f"{day}.json", json.dumps(dict(sorted(keys.items()))), day)
    if not keys:
        (get_installation().key_folder / f"{day}.json").unlink()
