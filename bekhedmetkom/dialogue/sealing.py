"""What people say lies in the database encrypted, so that a stolen copy of it tells nothing."""

import json
from typing import Any

from nacl.exceptions import CryptoError

from bekhedmetkom.config.keys import box, keyed

_PURPOSE = "dialogue"


def sealed(content: object) -> bytes:
    """The content as it is kept."""
    return bytes(box(_PURPOSE).encrypt(json.dumps(content).encode()))


def opened(kept: bytes | memoryview) -> Any:
    """The content again; `None` where there is none, or another secret key sealed it."""
    try:
        return json.loads(box(_PURPOSE).decrypt(bytes(kept))) if kept else None
    except CryptoError:
        return None


def person_key(channel: str, person: str) -> bytes:
    """By what a person is found without being named."""
    return keyed(_PURPOSE, channel, person)
