"""What people say by Messenger lies encrypted, in the database and on the disk."""

import json
from typing import Any

from bekhedmetkom.config.keys import box, keyed

_PURPOSE = "messenger"


def sealed(content: Any) -> bytes:
    """As it is kept."""
    return bytes(box(_PURPOSE).encrypt(json.dumps(content).encode()))


def opened(kept: bytes | memoryview) -> Any:
    """The content again. Raises `CryptoError` where another secret key sealed it."""
    return json.loads(box(_PURPOSE).decrypt(bytes(kept)))


def person_key(psid: str) -> bytes:
    """By which one person's things are known to be one person's."""
    return keyed("messenger-person", psid)
