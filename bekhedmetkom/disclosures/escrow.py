"""The escrow: a key pair that nobody has, whose secret five people can put together, three of them at a time.

It opens key rings when the Commission's people have lost their keys, and only to seal them anew to a signed manifest.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import pyrage
from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from .encryption import NoRecipients, decrypt_key_ring, encrypt_key_ring
from .rules.bech32 import encode_bech32
from .rules.manifest import Manifest

THRESHOLD, SHARE_COUNT = 3, 5


class InvalidShares(Exception):
    """They are too few, misspelled, or of different secrets."""


def create_escrow() -> tuple[str, list[str]]:
    """A new escrow: its public key for the manifest, and five shares. The secret itself is nowhere."""
    secret = secrets.token_bytes(32)
    (shares,) = generate_mnemonics(1, [(THRESHOLD, SHARE_COUNT)], secret)
    return _derive_recipient(_encode_identity(secret)), list(shares)


def combine_shares(shares: Sequence[str]) -> str:
    """The escrow's identity, of any three shares. Raises `WrongShares`."""
    try:
        return _encode_identity(combine_mnemonics([" ".join(share.split()) for share in shares]))
    except MnemonicError as error:
        raise InvalidShares from error


def get_escrow_recipient(shares: Sequence[str]) -> str:
    """Whose shares these are: the public key that stands in the manifest."""
    return _derive_recipient(combine_shares(shares))


def renew_key_rings(
    rings: Mapping[str, Sequence[bytes]], shares: Sequence[str], manifest: Manifest
) -> dict[str, bytes]:
    """Of each report the oldest key ring that opens, anew for the officers of this manifest. Who was excluded stays so.

    They all say the same, unless an officer has put nonsense in place of one; the first is the discloser's.
    What is no ring at all, or one for nobody, is left out: anybody can send such a thing, and it stops no other.
    """
    identity, anew = combine_shares(shares), dict[str, bytes]()
    for report, those in rings.items():
        for ring in those:
            with suppress(ValueError, TypeError, NoRecipients):
                anew[report] = encrypt_key_ring(decrypt_key_ring(ring, identity), manifest)
                break
    return anew


def format_shares(shares: Iterable[str]) -> list[str]:
    """Each share as it is printed for the one person who keeps it."""
    return [
        f"Share {place} of {SHARE_COUNT}. Any {THRESHOLD} together open the escrow of the sealed box; fewer open nothing.\n"
        f"Keep it on paper, apart from the others, and never type it into a machine that is on a network.\n\n{share}\n"
        for place, share in enumerate(shares, 1)
    ]


def _encode_identity(secret: bytes) -> str:
    return encode_bech32("age-secret-key-", secret).upper()


def _derive_recipient(identity: str) -> str:
    return str(pyrage.x25519.Identity.from_str(identity).to_public())
