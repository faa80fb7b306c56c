"""A citizen's receipt: the hash of the first event with the platform's signature, which nobody can take back."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache

from django.conf import settings
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from bekhedmetkom.config.installation import read_or_create_file

SEPARATOR = "."


@cache
def _get_signing_key() -> SigningKey:
    """Ed25519, made once and kept where the settings say, readable by its owner only."""
    return SigningKey(read_or_create_file(settings.SIGNING_KEY_FILE, lambda: bytes(SigningKey.generate())))


def sign_receipt(first_hash: bytes) -> str:
    """The receipt for a case whose first event has this hash."""
    return SEPARATOR.join(
        urlsafe_b64encode(part).decode()
        for part in (first_hash, _get_signing_key().sign(first_hash).signature)
    )


def verify_receipt(text: str, key: VerifyKey | None = None) -> bytes | None:
    """The hash that a receipt vouches for, or `None` when the platform never signed it."""
    try:
        digest, signature = (urlsafe_b64decode(part) for part in text.split(SEPARATOR))
        return (key or _get_signing_key().verify_key).verify(digest, signature)
    except (ValueError, BadSignatureError):
        return None
