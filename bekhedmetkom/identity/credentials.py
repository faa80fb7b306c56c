"""Secrets that are shown once and kept only as a hash: invitation links, officers' tokens, clients' keys.

A secret is `PREFIX.REST`. The prefix finds the row and is no secret; the rest has 256 random bits, so one
round of SHA-256 is enough to keep it, and comparing takes the same time wherever the first difference is.
"""

import hashlib
import hmac
import secrets
from typing import NamedTuple

PREFIX_BYTES = 6
SECRET_BYTES = 32
MAX_LENGTH = 100


class NewSecret(NamedTuple):
    """A new secret: `text` for its owner, once; `prefix` and `hash` for the table."""

    text: str
    prefix: str
    hash: bytes


def generate_secret() -> NewSecret:
    prefix, rest = secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    return NewSecret(f"{prefix}.{rest}", prefix, _hash_secret(rest))


def parse_prefix(text: str) -> str | None:
    """What to look the row up by; `None` for a text that no secret of ours can be."""
    prefix, _, rest = text.partition(".")
    return prefix if rest and len(text) <= MAX_LENGTH and prefix.isascii() and prefix.isalnum() else None


def verify_secret(text: str, kept: bytes) -> bool:
    """Whether this is the secret that `kept` is the hash of."""
    return hmac.compare_digest(_hash_secret(text.partition(".")[2]), kept)


def _hash_secret(rest: str) -> bytes:
    return hashlib.sha256(rest.encode("utf-8", "surrogatepass")).digest()
