"""The signed manifest in use, its root key and rollback protection."""

import hashlib
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from django.db import connection

from . import key_folder
from .installation import get_installation
from .rules.manifest import Manifest, MissingManifest, RolledBackManifest, verify_manifest

EPOCH_FILE = "epoch"

RAISE_EPOCH = """
INSERT INTO disclosures_epoch AS recorded ("only", epoch) VALUES (true, %s)
ON CONFLICT ("only") DO UPDATE SET epoch = greatest(recorded.epoch, excluded.epoch) RETURNING epoch
"""


class SignedManifest(NamedTuple):
    """The bytes of a manifest and the root's signature over them."""

    body: bytes
    signature: bytes


def get_current_manifest(today: date) -> Manifest:
    """Verify and return the manifest. Raises `ManifestError`. Called before every encryption."""
    signed = read_signed_manifest()
    manifest = verify_manifest(signed.body, signed.signature, get_root_key(), today, get_minimum_epoch())
    _record_epoch(manifest.epoch, hashlib.sha256(signed.body).hexdigest())
    return manifest


def read_signed_manifest() -> SignedManifest:
    """Read the manifest and its signature from disk, unverified. Raises `MissingManifest`."""
    try:
        return SignedManifest(
            get_installation().manifest_file.read_bytes(),
            get_installation().manifest_file.with_suffix(".sig").read_bytes(),
        )
    except FileNotFoundError:
        raise MissingManifest from None


def get_root_key() -> bytes:
    """Return the root's public key, or empty bytes if none is pinned."""
    with suppress(ValueError):
        return bytes.fromhex(get_installation().root_key)
    return b""


def get_minimum_epoch() -> int:
    """Return the highest epoch ever in use, from the database or the key folder, which database administrators
    cannot reach.
    """
    with connection.cursor() as cursor:
        cursor.execute(RAISE_EPOCH, [0])
        (in_database,) = cursor.fetchone()
    return max(int(in_database), _read_recorded_epoch()[0])


def _record_epoch(epoch: int, body_hash: str) -> None:
    """Record the epoch. Raises `RolledBackManifest` if another manifest was in use for the same epoch."""
    with connection.cursor() as cursor:
        cursor.execute(RAISE_EPOCH, [epoch])
    if _read_recorded_epoch() == (epoch, body_hash):
        return
    with key_folder.lock_folder():
        last, known_hash = _read_recorded_epoch()
        if epoch == last and known_hash and known_hash != body_hash:
            raise RolledBackManifest
        if epoch >= last:
            key_folder.write_file(EPOCH_FILE, f"{epoch} {body_hash}")


def _read_recorded_epoch() -> tuple[int, str]:
    """Return the highest epoch in use and the hash of its manifest."""
    epoch, _, body_hash = key_folder.read_file(EPOCH_FILE).partition(" ")
    return int(epoch or 0), body_hash
