"""The manifest: the public keys that reports are encrypted to, signed by a root key that no server has.

It is verified before every encryption, here or in the browser (`static/box/crypto/manifest.js`). A failure
raises a `ManifestError` and nothing is encrypted: never to fewer keys, never to others.
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
_MIN_PEOPLE = 2  # officers, and custodians: nobody acts alone


class ManifestError(Exception):
    """The manifest is not valid."""


class MissingManifest(ManifestError):
    """There is no manifest, signature or root key."""


class BadSignature(ManifestError):
    """The root has not signed these bytes."""


class ExpiredManifest(ManifestError):
    """Not valid on this day."""


class RolledBackManifest(ManifestError):
    """Older than a manifest that was in use before."""


class InvalidManifest(ManifestError):
    """Signed, but malformed or incomplete."""


class Officer(NamedTuple):
    """Reads reports. A chief is also alerted to missed deadlines."""

    id: str
    name: str
    role: Literal["officer", "chief"]
    recipient: str
    signs: str  # public key in hexadecimal that signs identity requests


class Custodian(NamedTuple):
    """Decrypts identities when an officer asks for one."""

    id: str
    name: str
    recipient: str


class Manifest(NamedTuple):
    """Who reads reports, who keeps identities, and until when."""

    epoch: int
    issued: date
    expires: date
    officers: tuple[Officer, ...]
    custodians: tuple[Custodian, ...]
    escrow: str

    def encode(self) -> bytes:
        """Return the bytes that are signed."""
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
        """Return the officer with this id, or None."""
        return next((officer for officer in self.officers if officer.id == identifier), None)

    def find_custodian(self, identifier: str) -> Custodian | None:
        """Return the custodian with this id, or None."""
        return next((custodian for custodian in self.custodians if custodian.id == identifier), None)

    def validate(self) -> Self:
        """Return the manifest itself. Raises `InvalidManifest`."""
        people: list[Officer | Custodian] = [*self.officers, *self.custodians]
        keys = [*(person.recipient for person in people), self.escrow]
        signs = [officer.signs for officer in self.officers]
        if min(len(self.officers), len(self.custodians)) < _MIN_PEOPLE or self.epoch < 1:
            raise InvalidManifest
        if self.expires < self.issued or not all(person.id and person.name for person in people):
            raise InvalidManifest
        if (
            _has_duplicates([person.id for person in people])
            or _has_duplicates(keys)
            or _has_duplicates(signs)
            or not all(_SIGNING_KEY.fullmatch(str(key)) for key in signs)
            or any(officer.role not in {"officer", "chief"} for officer in self.officers)
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
    """Parse a manifest in its canonical encoding. Raises `InvalidManifest`."""
    try:
        content: dict[str, Any] = json.loads(body)
        manifest = Manifest(
            epoch=content["epoch"],
            issued=date.fromisoformat(content["issued"]),
            expires=date.fromisoformat(content["expires"]),
            officers=tuple(Officer(**officer) for officer in content["officers"]),
            custodians=tuple(Custodian(**custodian) for custodian in content["custodians"]),
            escrow=content["escrow"],
        )
        is_canonical = manifest.encode() == body
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidManifest from error
    if not is_canonical:
        raise InvalidManifest
    return manifest.validate()


def get_root_public_key(seed: bytes) -> bytes:
    """Return the public key of a root seed, which installations pin."""
    return bytes(SigningKey(seed).verify_key)


def sign_manifest(body: bytes, seed: bytes) -> bytes:
    """Return the root's signature. Only for the machine that is never on a network."""
    return SigningKey(seed).sign(_CONTEXT + body).signature


def verify_manifest(
    body: bytes | None, signature: bytes | None, root: bytes, today: date, at_least_epoch: int
) -> Manifest:
    """Return the manifest if signature, dates and epoch are valid. Raises a `ManifestError`."""
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
