"""The chain of keys as it stands: the manifest in use, or the reason why nothing may be taken in."""

import hashlib
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from django.db import connection

from . import beside
from .place import place
from .rules.manifest import Manifest, Missing, RolledBack, verify

EPOCH = "epoch"

SEEN = """
INSERT INTO disclosures_epoch AS seen ("only", epoch) VALUES (true, %s)
ON CONFLICT ("only") DO UPDATE SET epoch = greatest(seen.epoch, excluded.epoch) RETURNING epoch
"""


class Signed(NamedTuple):
    """A manifest as the root signed it, for whoever checks it again."""

    body: bytes
    signature: bytes


def current(today: date) -> Manifest:
    """The manifest, checked anew; raises `rules.manifest.Refused`. Whatever encrypts asks here first, each time."""
    signed = as_signed()
    manifest = verify(signed.body, signed.signature, root(), today, least_epoch())
    _remember(manifest.epoch, hashlib.sha256(signed.body).hexdigest())
    return manifest


def as_signed() -> Signed:
    """The manifest's bytes as they lie on the disk, whatever they say."""
    try:
        return Signed(place().manifest.read_bytes(), place().manifest.with_suffix(".sig").read_bytes())
    except FileNotFoundError:
        raise Missing from None


def root() -> bytes:
    """The pinned public key; empty where there is none."""
    with suppress(ValueError):
        return bytes.fromhex(place().root_key)
    return b""


def least_epoch() -> int:
    """The highest epoch that was ever in use, by the database or by the file that its administrators do not reach."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [0])
        (in_database,) = cursor.fetchone()
    return max(int(in_database), _in_file()[0])


def _remember(epoch: int, body: str) -> None:
    """An epoch has one manifest: another that the root has signed for it (a draft, somebody talked into it) is none."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [epoch])
    if _in_file() == (epoch, body):
        return
    with beside.locked():
        last, known = _in_file()
        if epoch == last and known and known != body:
            raise RolledBack
        if epoch >= last:
            beside.write(EPOCH, f"{epoch} {body}")


def _in_file() -> tuple[int, str]:
    """The highest epoch in use, and the hash of its manifest."""
    epoch, _, body = beside.read(EPOCH).partition(" ")
    return int(epoch or 0), body
