"""The chain of keys as it stands: the manifest in use, or the reason why nothing may be taken in."""

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
INSERT INTO disclosures_epoch AS seen ("only", epoch) VALUES (true, %s)
ON CONFLICT ("only") DO UPDATE SET epoch = greatest(seen.epoch, excluded.epoch) RETURNING epoch
"""


class SignedManifest(NamedTuple):
    """A manifest as the root signed it, for whoever checks it again."""

    body: bytes
    signature: bytes


def get_current_manifest(today: date) -> Manifest:
    """The manifest, checked anew; raises `rules.manifest.Refused`. Whatever encrypts asks here first, each time."""
    signed = read_signed_manifest()
    manifest = verify_manifest(signed.body, signed.signature, get_root_key(), today, get_minimum_epoch())
    _record_epoch(manifest.epoch, hashlib.sha256(signed.body).hexdigest())
    return manifest


def read_signed_manifest() -> SignedManifest:
    """The manifest's bytes as they lie on the disk, whatever they say."""
    try:
        return SignedManifest(
            get_installation().manifest_file.read_bytes(),
            get_installation().manifest_file.with_suffix(".sig").read_bytes(),
        )
    except FileNotFoundError:
        raise MissingManifest from None


def get_root_key() -> bytes:
    """The pinned public key; empty where there is none."""
    with suppress(ValueError):
        return bytes.fromhex(get_installation().root_key)
    return b""


def get_minimum_epoch() -> int:
    """The highest epoch that was ever in use, by the database or by the file that its administrators do not reach."""
    with connection.cursor() as cursor:
        cursor.execute(RAISE_EPOCH, [0])
        (in_database,) = cursor.fetchone()
    return max(int(in_database), _read_recorded_epoch()[0])


def _record_epoch(epoch: int, body: str) -> None:
    """An epoch has one manifest: another that the root has signed for it (a draft, somebody talked into it) is none."""
    with connection.cursor() as cursor:
        cursor.execute(RAISE_EPOCH, [epoch])
    if _read_recorded_epoch() == (epoch, body):
        return
    with key_folder.lock_folder():
        last, known = _read_recorded_epoch()
        if epoch == last and known and known != body:
            raise RolledBackManifest
        if epoch >= last:
            key_folder.write_file(EPOCH_FILE, f"{epoch} {body}")


def _read_recorded_epoch() -> tuple[int, str]:
    """The highest epoch in use, and the hash of its manifest."""
    epoch, _, body = key_folder.read_file(EPOCH_FILE).partition(" ")
    return int(epoch or 0), body
