"""Our key towards push services: `VAPID_PRIVATE_KEY`, or one made once and kept in `BK_HOME`.

Browsers subscribe to exactly this key: with another one, all who are subscribed would have to do so anew.
"""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from bekhedmetkom.config.installation import read_or_create_file

from .rules.push import CURVE, PrivateKey, as_bytes, as_text, public_bytes


def private_key() -> PrivateKey:
    text = (
        settings.VAPID_PRIVATE_KEY
        or read_or_create_file(settings.BK_HOME / "secrets" / "vapid", _drawn).decode()
    )
    return _read(text.strip())


def public_key() -> str:
    """What a browser wants to know when it subscribes."""
    return as_text(public_bytes(private_key()))


@lru_cache(maxsize=2)
def _read(text: str) -> PrivateKey:
    return ec.derive_private_key(int.from_bytes(as_bytes(text)), CURVE)


def _drawn() -> bytes:
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return as_text(number.to_bytes(32)).encode()
