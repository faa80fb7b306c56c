"""The secret that opens a case to who brought it. Kept only as a keyed hash; derived, so a replay can say it again."""

import hmac

from bekhedmetkom.config.key_derivation import derive_hmac


def compute_access_code(reference: str, client: str, key: str) -> str:
    """The ten digits of a submission: the same for the same submission, unknowable without the server's key."""
    digest = derive_hmac("access-code", reference, client, key)
    return f"{int.from_bytes(digest[:16]) % 10**10:010d}"


def hash_access_code(code: str) -> bytes:
    """What the database keeps. Without the server's key, a stolen copy cannot be searched for the code."""
    return derive_hmac("access-hash", code)


def is_valid_access_code(code: str, kept: bytes) -> bool:
    """Whether the code is the case's, in constant time."""
    return hmac.compare_digest(hash_access_code(code), kept)
