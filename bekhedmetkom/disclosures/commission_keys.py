"""The file in which somebody of the Commission keeps their key, as their browser writes it (`static/box/key.js`)."""

import unicodedata
from typing import Any

import pyrage
from nacl import pwhash
from nacl.utils import random

from .encryption import decrypt, encrypt
from .rules.bech32 import encode_bech32

_KIND = "bekhedmetkom box key 1"


def wrap_key(identifier: str, name: str, secret: str, passphrase: str) -> dict[str, str]:
    """A key under a passphrase, ready to be written as JSON. The demonstration's Commission is made so."""
    salt = random(pwhash.argon2id.SALTBYTES)
    lock = pyrage.x25519.Identity.from_str(_derive_identity(passphrase, salt)).to_public()
    recipient = pyrage.x25519.Identity.from_str(secret).to_public()
    return {
        "kind": _KIND,
        "id": identifier,
        "name": name,
        "recipient": str(recipient),
        "salt": salt.hex(),
        "wrapped": encrypt(secret.encode(), [str(lock)]).hex(),
    }


def unwrap_key(kept: dict[str, Any], passphrase: str) -> str:
    """The secret; `padding.Broken` with another passphrase."""
    identity = _derive_identity(passphrase, bytes.fromhex(kept["salt"]))
    return decrypt(bytes.fromhex(kept["wrapped"]), identity).decode()


def _derive_identity(passphrase: str, salt: bytes) -> str:
    said = " ".join(unicodedata.normalize("NFKC", passphrase).split())
    return encode_bech32(
        "age-secret-key-", pwhash.argon2id.kdf(32, said.encode(), salt, opslimit=3, memlimit=64 << 20)
    ).upper()
