"""What is derived from the installation's secret key: a key of its own for each purpose, so that none opens another."""

import hashlib
import hmac
from functools import cache

from django.conf import settings
from nacl.secret import SecretBox


def derive_hmac(purpose: str, *parts: str) -> bytes:
    """HMAC-SHA-256 of these words: the same each time, unknowable without the key; 32 bytes. Takes any text."""
    mac = _start_hmac(settings.SECRET_KEY).copy()
    mac.update("\x00".join((purpose, *parts)).encode("utf-8", "surrogatepass"))
    return mac.digest()


@cache
def _start_hmac(secret: str) -> hmac.HMAC:
    """Not `hmac.digest`: it gives way to other threads, and to get back in takes far longer than its work."""
    return hmac.new(secret.encode(), digestmod=hashlib.sha256)


def get_secret_box(purpose: str) -> SecretBox:
    """Encrypts what only we may read. `purpose`: at most 16 bytes."""
    key = hashlib.blake2b(
        settings.SECRET_KEY.encode(), digest_size=SecretBox.KEY_SIZE, person=purpose.encode()
    )
    return SecretBox(key.digest())
