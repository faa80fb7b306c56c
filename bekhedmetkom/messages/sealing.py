"""A code on its way lies in the database encrypted, so that a stolen copy of it tells nothing."""

import hashlib

from django.conf import settings
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox


def sealed(code: str) -> bytes:
    """The code as `Message.sealed` keeps it."""
    return bytes(_box().encrypt(code.encode()))


def opened(kept: bytes) -> str | None:
    """The code again; `None` where another secret key sealed it."""
    try:
        return _box().decrypt(kept).decode()
    except CryptoError:
        return None


def _box() -> SecretBox:
    key = hashlib.blake2b(
        settings.SECRET_KEY.encode(), digest_size=SecretBox.KEY_SIZE, person=b"message-code"
    )
    return SecretBox(key.digest())
