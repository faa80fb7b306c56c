"""Encryption of codes and full answers in queued messages, so that a stolen database reveals none."""

from django.conf import settings
from nacl.exceptions import CryptoError

from bekhedmetkom.config.key_derivation import derive_hmac, get_secret_box


def hash_messenger_key() -> bytes:
    """Return a hash of the Send API key, to tell whether the key that was refused is still configured."""
    return derive_hmac("messenger-key", settings.MESSENGER_PAGE_TOKEN)


def encrypt_secret(code: str) -> bytes:
    """Return the code encrypted, as `Message.sealed` stores it."""
    return bytes(get_secret_box("message-code").encrypt(code.encode()))


def decrypt_secret(kept: bytes) -> str | None:
    """Return the code in clear; `None` if it was encrypted with another key."""
    try:
        return get_secret_box("message-code").decrypt(kept).decode()
    except CryptoError:
        return None
