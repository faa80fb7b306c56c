"""What is derived from the installation's secret key: a key of its own for each purpose, so that none opens another."""

import hashlib
import hmac

from django.conf import settings
from nacl.secret import SecretBox


def keyed(purpose: str, *parts: str) -> bytes:
    """HMAC-SHA-256 of these words: the same each time, unknowable without the key; 32 bytes. Takes any text."""
    text = "\x00".join((purpose, *parts)).encode("utf-8", "surrogatepass")
    return hmac.digest(settings.SECRET_KEY.encode(), text, hashlib.sha256)


def box(purpose: str) -> SecretBox:
    """Encrypts what only we may read. `purpose`: at most 16 bytes."""
    key = hashlib.blake2b(
        settings.SECRET_KEY.encode(), digest_size=SecretBox.KEY_SIZE, person=purpose.encode()
    )
    return SecretBox(key.digest())
