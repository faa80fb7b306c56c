"""Key files of Commission members, in the format that `static/box/commission/commission_keys.js` writes."""

import unicodedata
from typing import Any

import pyrage
from nacl import pwhash
from nacl.utils import random

from .encryption import decrypt, encrypt
from .rules.bech32 import encode_bech32

_KIND = "bekhedmetkom box key 1"


def wrap_key(identifier: str, name: str, secret: str, passphrase: str) -> dict[str, str]:
    """Return a private key encrypted under a passphrase, ready to be written as JSON."""
    salt = random(pwhash.argon2id.SALTBYTES)
    wrapping_recipient = pyrage.x25519.Identity.from_str(_derive_identity(passphrase, salt)).to_public()
    recipient = pyrage.x25519.Identity.from_str(secret).to_public()
    return {
        "kind": _KIND,
        "id": identifier,
        "name": name,
        "recipient": str(recipient),
        "salt": salt.hex(),
        "wrapped": encrypt(secret.encode(), [str(wrapping_recipient)]).hex(),
    }


def unwrap_key(key_file: dict[str, Any], passphrase: str) -> str:
    """Return the private key. Raises `CorruptData` if the passphrase is wrong."""
    identity = _derive_identity(passphrase, bytes.fromhex(key_file["salt"]))
    return decrypt(bytes.fromhex(key_file["wrapped"]), identity).decode()


def _derive_identity(passphrase: str, salt: bytes) -> str:
    normalized = " ".join(unicodedata.normalize("NFKC", passphrase).split())
    return encode_bech32(
        "age-secret-key-", pwhash.argon2id.kdf(32, normalized.encode(), salt, opslimit=3, memlimit=64 << 20)
    ).upper()
