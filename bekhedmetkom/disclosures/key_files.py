"""The file in which somebody of the Commission keeps their key, as their browser writes it (`static/box/key.js`)."""

import unicodedata
from typing import Any

import pyrage
from nacl import pwhash
from nacl.utils import random

from .rules.bech32 import encoded
from .sealing import decrypted, encrypted

_KIND = "bekhedmetkom box key 1"


def wrapped(identifier: str, name: str, secret: str, passphrase: str) -> dict[str, str]:
    """A key under a passphrase, ready to be written as JSON. The demonstration's Commission is made so."""
    salt = random(pwhash.argon2id.SALTBYTES)
    lock = pyrage.x25519.Identity.from_str(_under(passphrase, salt)).to_public()
    recipient = pyrage.x25519.Identity.from_str(secret).to_public()
    return {
        "kind": _KIND,
        "id": identifier,
        "name": name,
        "recipient": str(recipient),
        "salt": salt.hex(),
        "wrapped": encrypted(secret.encode(), [str(lock)]).hex(),
    }


def unwrapped(kept: dict[str, Any], passphrase: str) -> str:
    """The secret; `padding.Broken` with another passphrase."""
    identity = _under(passphrase, bytes.fromhex(kept["salt"]))
    return decrypted(bytes.fromhex(kept["wrapped"]), identity).decode()


def _under(passphrase: str, salt: bytes) -> str:
    said = " ".join(unicodedata.normalize("NFKC", passphrase).split())
    return encoded(
        "age-secret-key-", pwhash.argon2id.kdf(32, said.encode(), salt, opslimit=3, memlimit=64 << 20)
    ).upper()
