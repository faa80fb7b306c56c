"""A code on its way lies in the database encrypted, so that a stolen copy of it tells nothing."""

from django.conf import settings
from nacl.exceptions import CryptoError

from bekhedmetkom.config.keys import box, keyed


def messenger_key() -> bytes:
    """A hash of our key at the Send API: by it a stop knows whether the key is still the one that was refused."""
    return keyed("messenger-key", settings.MESSENGER_PAGE_TOKEN)


def sealed(code: str) -> bytes:
    """The code as `Message.sealed` keeps it."""
    return bytes(box("message-code").encrypt(code.encode()))


def opened(kept: bytes) -> str | None:
    """The code again; `None` where another secret key sealed it."""
    try:
        return box("message-code").decrypt(kept).decode()
    except CryptoError:
        return None
