"""The escrow: a key pair that nobody has, whose secret five people can put together, three of them at a time.

It opens key rings when the Commission's people have lost their keys, and only to seal them anew to a signed manifest.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import pyrage
from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from .rules.bech32 import encoded
from .rules.manifest import Manifest
from .sealing import NobodyLeft, opened_ring, sealed_ring

NEEDED, SHARES = 3, 5


class WrongShares(Exception):
    """They are too few, misspelled, or of different secrets."""


def split() -> tuple[str, list[str]]:
    """A new escrow: its public key for the manifest, and five shares. The secret itself is nowhere."""
    secret = secrets.token_bytes(32)
    (shares,) = generate_mnemonics(1, [(NEEDED, SHARES)], secret)
    return _recipient(_identity(secret)), list(shares)


def joined(shares: Sequence[str]) -> str:
    """The escrow's identity, of any three shares. Raises `WrongShares`."""
    try:
        return _identity(combine_mnemonics([" ".join(share.split()) for share in shares]))
    except MnemonicError as error:
        raise WrongShares from error


def recipient_of(shares: Sequence[str]) -> str:
    """Whose shares these are: the public key that stands in the manifest."""
    return _recipient(joined(shares))


def rewrapped(
    rings: Mapping[str, Sequence[bytes]], shares: Sequence[str], manifest: Manifest
) -> dict[str, bytes]:
    """Of each report the oldest key ring that opens, anew for the officers of this manifest. Who was excluded stays so.

    They all say the same, unless an officer has put nonsense in place of one; the first is the discloser's.
    What is no ring at all, or one for nobody, is left out: anybody can send such a thing, and it stops no other.
    """
    identity, anew = joined(shares), dict[str, bytes]()
    for report, those in rings.items():
        for ring in those:
            with suppress(ValueError, TypeError, NobodyLeft):
                anew[report] = sealed_ring(opened_ring(ring, identity), manifest)
                break
    return anew


def numbered(shares: Iterable[str]) -> list[str]:
    """Each share as it is printed for the one person who keeps it."""
    return [
        f"Share {place} of {SHARES}. Any {NEEDED} together open the escrow of the sealed box; fewer open nothing.\n"
        f"Keep it on paper, apart from the others, and never type it into a machine that is on a network.\n\n{share}\n"
        for place, share in enumerate(shares, 1)
    ]


def _identity(secret: bytes) -> str:
    return encoded("age-secret-key-", secret).upper()


def _recipient(identity: str) -> str:
    return str(pyrage.x25519.Identity.from_str(identity).to_public())
