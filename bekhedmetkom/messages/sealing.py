"""A code on its way lies in the database encrypted, so that a stolen copy of it tells nothing."""

from nacl.exceptions import CryptoError

from bekhedmetkom.config.keys import box


def sealed(code: str) -> bytes:
    """The code as `Message.sealed` keeps it."""
    return bytes(box("message-code").encrypt(code.encode()))


def opened(kept: bytes) -> str | None:
    """The code again; `None` where another secret key sealed it."""
    try:
        return box("message-code").decrypt(kept).decode()
    except CryptoError:
        return None
