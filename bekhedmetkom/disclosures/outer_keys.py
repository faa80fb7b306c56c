"""Outer keys: everything in the database about a report is encrypted once more with a key stored elsewhere.

Deleting the key erases the report for everybody, in backups too, whoever has an officer's key or the receipt.
There is one file a day, sorted by the reports' random ids, so that no file reveals an order.
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

PADDING_STEP = 4096  # bytes; plaintext is padded to a multiple of this


class MissingOuterKey(Exception):
    """The report was erased: it has no outer key."""


def generate_key() -> bytes:
    """Return a new key."""
    return secrets.token_bytes(SecretBox.KEY_SIZE)


def store_key(report: UUID, day: date, key: bytes) -> None:
    """Store a report's key durably."""
    with key_folder.lock_folder():
        _write_keys(day, _read_keys(day) | {str(report): b64encode(key).decode()})


def get_key(report: UUID, day: date) -> bytes:
    """Return a report's key. Raises `MissingOuterKey`."""
    try:
        return list_keys_of_day(day)[str(report)]
    except KeyError:
        raise MissingOuterKey from None


def list_keys_of_day(day: date) -> dict[str, bytes]:
    """Return the keys of all reports of a day, from one read of the file."""
    return {report: b64decode(key) for report, key in _read_keys(day).items()}


def delete_key(report: UUID, day: date) -> None:
    """Delete a report's key, which erases the report."""
    with key_folder.lock_folder():
        keys = _read_keys(day)
        if keys.pop(str(report), None):
            _write_keys(day, keys)


def encrypt(key: bytes, plain: bytes) -> bytes:
    """Encrypt `plain` under an outer key, padded to hide its size."""
    padded = len(plain).to_bytes(4, "big") + plain
    return bytes(SecretBox(key).encrypt(padded + bytes(-len(padded) % PADDING_STEP)))


def decrypt(key: bytes, ciphertext: bytes) -> bytes:
    """Undo `encrypt`. Raises `CorruptData`."""
    try:
        padded = SecretBox(key).decrypt(bytes(ciphertext))
    except (CryptoError, ValueError) as error:
        raise CorruptData from error
    return padded[4 : 4 + int.from_bytes(padded[:4], "big")]


def _read_keys(day: date) -> dict[str, str]:
    keys: dict[str, str] = json.loads(key_folder.read_file(f"{day}.json") or "{}")
    return keys


def _write_keys(day: date, keys: Mapping[str, str]) -> None:
    """Write the day's file, with the day as its modification time."""
    key_folder.write_file(f"{day}.json", json.dumps(dict(sorted(keys.items()))), day)
    if not keys:
        (get_installation().key_folder / f"{day}.json").unlink()
