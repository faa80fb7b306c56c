"""What people say by Messenger lies encrypted, in the database and on the disk."""

import json
from typing import Any

from bekhedmetkom.config.key_derivation import derive_hmac, get_secret_box

_KEY_PURPOSE = "messenger"


def encrypt(content: Any) -> bytes:
    """As it is kept."""
    return bytes(get_secret_box(_KEY_PURPOSE).encrypt(json.dumps(content).encode()))


def decrypt(kept: bytes | memoryview) -> Any:
    """The content again. Raises `CryptoError` where another secret key sealed it."""
    return json.loads(get_secret_box(_KEY_PURPOSE).decrypt(bytes(kept)))


def compute_person_key(psid: str) -> bytes:
    """By which one person's things are known to be one person's."""
    return derive_hmac("messenger-person", psid)
