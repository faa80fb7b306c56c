"""The work that limits ask for, done as a browser's script does it."""

from hashlib import sha256
from itertools import count


def solve_challenge(challenge: str, bits: int) -> str:
    """The challenge with letters behind it that give its hash so many zero bits."""
    tried = (f"{challenge}.{n}" for n in count())
    return next(
        proof for proof in tried if int.from_bytes(sha256(proof.encode()).digest()) >> (256 - bits) == 0
    )
