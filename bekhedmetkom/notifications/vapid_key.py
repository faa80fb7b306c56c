"""VAPID key pair for web push: `VAPID_PRIVATE_KEY`, or one generated once and kept in `BK_HOME`.

Browsers subscribe with exactly this key; with another key every subscription must be renewed.
"""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from bekhedmetkom.config.installation import read_or_create_file

from .rules.push import CURVE, PrivateKey, decode_base64url, encode_base64url, encode_public_key


def get_vapid_private_key() -> PrivateKey:
    text = (
        settings.VAPID_PRIVATE_KEY
        or read_or_create_file(settings.BK_HOME / "secrets" / "vapid", _generate_private_key).decode()
    )
    return _parse_private_key(text.strip())


def get_vapid_public_key() -> str:
    """Return the public key that a browser needs to subscribe."""
    return encode_base64url(encode_public_key(get_vapid_private_key()))


@lru_cache(maxsize=2)
def _parse_private_key(text: str) -> PrivateKey:
    return ec.derive_private_key(int.from_bytes(decode_base64url(text)), CURVE)


def _generate_private_key() -> bytes:
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return encode_base64url(number.to_bytes(32)).encode()
