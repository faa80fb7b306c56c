"""Encryption of Messenger content in the database and on disk."""

import json
from typing import Any

from bekhedmetkom.config.key_derivation import derive_hmac, get_secret_box

_KEY_PURPOSE = "messenger"


def encrypt(content: Any) -> bytes:
    """Return the content as it is stored."""
    return bytes(get_secret_box(_KEY_PURPOSE).encrypt(json.dumps(content).encode()))


def decrypt(stored: bytes | memoryview) -> Any:
    """Return the content. Raises `CryptoError` if another key encrypted it."""
    return json.loads(get_secret_box(_KEY_PURPOSE).decrypt(bytes(stored)))


def compute_person_key(psid: str) -> bytes:
    """Return the keyed hash that groups one person's rows."""
    return derive_hmac("messenger-person", psid)
