"""Escrow key pair, whose private key is split into five shares of which any three restore it.

It decrypts key rings when the Commission has lost its keys, only to re-encrypt them to a signed manifest.
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
    """The shares are too few, misspelled, or of different secrets."""


def create_escrow() -> tuple[str, list[str]]:
    """Return the public key of a new escrow and its five shares. The private key is discarded."""
    secret = secrets.token_bytes(32)
    (shares,) = generate_mnemonics(1, [(THRESHOLD, SHARE_COUNT)], secret)
    return _derive_recipient(_encode_identity(secret)), list(shares)


def combine_shares(shares: Sequence[str]) -> str:
    """Return the escrow's identity. Raises `InvalidShares`."""
    try:
        return _encode_identity(combine_mnemonics([" ".join(share.split()) for share in shares]))
    except MnemonicError as error:
        raise InvalidShares from error


def get_escrow_recipient(shares: Sequence[str]) -> str:
    """Return the public key that these shares belong to. Raises `InvalidShares`."""
    return _derive_recipient(combine_shares(shares))


def renew_key_rings(
    rings: Mapping[str, Sequence[bytes]], shares: Sequence[str], manifest: Manifest
) -> dict[str, bytes]:
    """Re-encrypt each report's oldest readable key ring to this manifest. Exclusions are kept.

    The first ring is the discloser's; later ones may be replaced by an officer with anything. Rings that do not
    decrypt, or have no recipients, are skipped: anybody can submit one, and it must not block the others.
    """
    identity, renewed = combine_shares(shares), dict[str, bytes]()
    for report, report_rings in rings.items():
        for ring in report_rings:
            with suppress(ValueError, TypeError, NoRecipients):
                renewed[report] = encrypt_key_ring(decrypt_key_ring(ring, identity), manifest)
                break
    return renewed


def format_shares(shares: Iterable[str]) -> list[str]:
    """Return the text to print for each share's keeper."""
    return [
        f"Share {number} of {SHARE_COUNT}. Any {THRESHOLD} together open the escrow of the sealed box; "
        "fewer open nothing.\n"
        f"Keep it on paper, apart from the others, and never type it into a machine that is on a network.\n\n{share}\n"
        for number, share in enumerate(shares, 1)
    ]


def _encode_identity(secret: bytes) -> str:
    return encode_bech32("age-secret-key-", secret).upper()


def _derive_recipient(identity: str) -> str:
    return str(pyrage.x25519.Identity.from_str(identity).to_public())
