"""Secrets that are displayed once and stored as a hash: invitation links, officers' tokens, clients' keys.

A secret is `PREFIX.REST`. The public prefix finds the row; the rest has 256 random bits, so one round of SHA-256
suffices. Comparison takes constant time.
"""

import hashlib
import hmac
import secrets
from typing import NamedTuple

PREFIX_BYTES = 6
SECRET_BYTES = 32
MAX_LENGTH = 100


class NewSecret(NamedTuple):
    """A new secret: `text` for its owner, `prefix` and `hash` for the table."""

    text: str
    prefix: str
    hash: bytes


def generate_secret() -> NewSecret:
    prefix, rest = secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    return NewSecret(f"{prefix}.{rest}", prefix, _hash_secret(rest))


def parse_prefix(text: str) -> str | None:
    """Return the prefix of a secret, or `None` for a malformed one."""
    prefix, _, rest = text.partition(".")
    return prefix if rest and len(text) <= MAX_LENGTH and prefix.isascii() and prefix.isalnum() else None


def verify_secret(text: str, stored_hash: bytes) -> bool:
    """Whether `stored_hash` is the hash of this secret."""
    return hmac.compare_digest(_hash_secret(text.partition(".")[2]), stored_hash)


def _hash_secret(rest: str) -> bytes:
    return hashlib.sha256(rest.encode("utf-8", "surrogatepass")).digest()
