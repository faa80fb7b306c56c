"""The chain of keys as it stands: the manifest in use, or the reason why nothing may be taken in."""

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from .place import place
from .rules.manifest import Manifest, Missing, verify

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
    _remember(manifest.epoch)
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
    return max(int(in_database), _in_file())


def _remember(epoch: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [epoch])
    if epoch > _in_file():
        _file().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = _file().with_suffix(".new")
        new.write_text(str(epoch))
        new.replace(_file())


def _in_file() -> int:
    with suppress(FileNotFoundError):
        return int(_file().read_text())
    return 0


def _file() -> Path:
    return place().keys / "epoch"
