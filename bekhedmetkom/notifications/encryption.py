"""A code on its way lies in the database encrypted, so that a stolen copy of it tells nothing."""

from django.conf import settings
from nacl.exceptions import CryptoError

from bekhedmetkom.config.key_derivation import derive_hmac, get_secret_box


def hash_messenger_key() -> bytes:
    """A hash of our key at the Send API: by it a stop knows whether the key is still the one that was refused."""
    return derive_hmac("messenger-key", settings.MESSENGER_PAGE_TOKEN)


def encrypt_secret(code: str) -> bytes:
    """The code as `Message.sealed` keeps it."""
    return bytes(get_secret_box("message-code").encrypt(code.encode()))


def decrypt_secret(kept: bytes) -> str | None:
    """The code again; `None` where another secret key sealed it."""
    try:
        return get_secret_box("message-code").decrypt(kept).decode()
    except CryptoError:
        return None
