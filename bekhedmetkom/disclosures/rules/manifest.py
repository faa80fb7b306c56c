"""The manifest: to whom reports are sealed, signed by a root key that no server has.

Whoever is about to encrypt verifies it first, here or in the browser (`static/box/manifest.js`), each time. What does
not hold raises a `Refused`, and nothing is encrypted: never to fewer keys, never to others.
"""

import json
import re
from collections.abc import Collection
from datetime import date
from typing import Any, Literal, NamedTuple, Self

import pyrage
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from bekhedmetkom.kernel.canonical_json import encode_canonical_json

_CONTEXT = b"bekhedmetkom box manifest\n"
_SIGNING_KEY = re.compile("[0-9a-f]{64}")
_MIN_PEOPLE = 2  # officers, and custodians: one person alone neither reads nor releases


class ManifestError(Exception):
    """The chain of keys does not hold."""


class MissingManifest(ManifestError):
    """There is no manifest, or no signature, or no root to check it with."""


class BadSignature(ManifestError):
    """The root has not signed these bytes."""


class ExpiredManifest(ManifestError):
    """Not valid on this day: over, or not begun."""


class RolledBackManifest(ManifestError):
    """Older than one that was in use before."""


class InvalidManifest(ManifestError):
    """Signed, but not what a manifest must be."""


class Officer(NamedTuple):
    """Reads reports. A chief is told as well when a legal date was missed."""

    id: str
    name: str
    role: Literal["officer", "chief"]
    recipient: str
    signs: str  # the public half, in hexadecimal, of what they sign with when they ask who somebody is


class Custodian(NamedTuple):
    """Keeps the identities of those who gave one."""

    id: str
    name: str
    recipient: str


class Manifest(NamedTuple):
    """Who reads, who keeps identities, and until when that holds."""

    epoch: int
    issued: date
    expires: date
    officers: tuple[Officer, ...]
    custodians: tuple[Custodian, ...]
    escrow: str

    def encode(self) -> bytes:
        """The bytes that are signed."""
        return encode_canonical_json(
            {
                "version": 1,
                "epoch": self.epoch,
                "issued": self.issued.isoformat(),
                "expires": self.expires.isoformat(),
                "officers": [officer._asdict() for officer in self.officers],
                "custodians": [custodian._asdict() for custodian in self.custodians],
                "escrow": self.escrow,
            }
        )

    def find_officer(self, identifier: str) -> Officer | None:
        """The officer of that id."""
        return next((one for one in self.officers if one.id == identifier), None)

    def find_custodian(self, identifier: str) -> Custodian | None:
        """The custodian of that id."""
        return next((one for one in self.custodians if one.id == identifier), None)

    def validate(self) -> Self:
        """Itself, if it is what a manifest must be; else `Unfit`."""
        people: list[Officer | Custodian] = [*self.officers, *self.custodians]
        keys = [*(one.recipient for one in people), self.escrow]
        signs = [officer.signs for officer in self.officers]
        if min(len(self.officers), len(self.custodians)) < _MIN_PEOPLE or self.epoch < 1:
            raise InvalidManifest
        if self.expires < self.issued or not all(one.id and one.name for one in people):
            raise InvalidManifest
        if (
            _has_duplicates([one.id for one in people])
            or _has_duplicates(keys)
            or _has_duplicates(signs)
            or not all(_SIGNING_KEY.fullmatch(str(one)) for one in signs)
            or any(o.role not in {"officer", "chief"} for o in self.officers)
        ):
            raise InvalidManifest
        try:
            for key in keys:
                pyrage.x25519.Recipient.from_str(key)
        except pyrage.RecipientError as error:
            raise InvalidManifest from error
        return self


def _has_duplicates(values: Collection[str]) -> bool:
    return len(set(values)) < len(values)


def parse_manifest(body: bytes) -> Manifest:
    """The manifest that these bytes say, in exactly the one spelling that it has; else `Unfit`."""
    try:
        said: dict[str, Any] = json.loads(body)
        manifest = Manifest(
            epoch=said["epoch"],
            issued=date.fromisoformat(said["issued"]),
            expires=date.fromisoformat(said["expires"]),
            officers=tuple(Officer(**one) for one in said["officers"]),
            custodians=tuple(Custodian(**one) for one in said["custodians"]),
            escrow=said["escrow"],
        )
        same = manifest.encode() == body
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidManifest from error
    if not same:
        raise InvalidManifest
    return manifest.validate()


def get_root_public_key(seed: bytes) -> bytes:
    """The public key of a root: what is pinned."""
    return bytes(SigningKey(seed).verify_key)


def sign_manifest(body: bytes, seed: bytes) -> bytes:
    """The root's signature. Only on the machine that is never on a network."""
    return SigningKey(seed).sign(_CONTEXT + body).signature


def verify_manifest(
    body: bytes | None, signature: bytes | None, root: bytes, today: date, at_least_epoch: int
) -> Manifest:
    """The manifest, if every link holds; else the `Refused` that says which does not."""
    if not body or not signature or not root:
        raise MissingManifest
    try:
        VerifyKey(root).verify(_CONTEXT + body, signature)
    except (BadSignatureError, ValueError, TypeError) as error:
        raise BadSignature from error
    manifest = parse_manifest(body)
    if not manifest.issued <= today <= manifest.expires:
        raise ExpiredManifest
    if manifest.epoch < at_least_epoch:
        raise RolledBackManifest
    return manifest
