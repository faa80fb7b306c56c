"""The public number of a case and the secret that opens it, read back however they were typed.

A reference is always held as it is shown, `BK-7F3K-92MD`; an access code as its ten digits, `7294518340`.
"""

from random import Random

from . import digits

# Crockford's base 32: no I, L, O (they look like 1, 1, 0) and no U.
REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_PREFIX = "BK"
REFERENCE_LENGTH = 8
_BITS_PER_SYMBOL = 5  # of a symbol
ACCESS_CODE_LENGTH = 10

_MISREAD = str.maketrans("OIL", "011")
_MAX_INPUT_LENGTH = 64  # nobody types more noise than this around a code


def generate_reference(random: Random) -> str:
    """A fresh number, one of 32⁸ (about 10¹²). That it is free is for the database to say.

    `random` is a `SystemRandom`; only a demonstration that must come out the same twice uses another.
    """
    drawn = random.getrandbits(
        REFERENCE_LENGTH * _BITS_PER_SYMBOL
    )  # at once: each draw waits for other threads
    return _format_reference(
        "".join(
            [REFERENCE_ALPHABET[drawn >> _BITS_PER_SYMBOL * place & 31] for place in range(REFERENCE_LENGTH)]
        )
    )


def parse_reference(text: str) -> str | None:
    """The reference that was meant, or `None`: with or without prefix and dashes, in any case and digits."""
    symbols = _normalise_input(text)
    if len(symbols) == len(REFERENCE_PREFIX) + REFERENCE_LENGTH:
        symbols = symbols.removeprefix(REFERENCE_PREFIX)
    if len(symbols) != REFERENCE_LENGTH or not set(symbols) <= set(REFERENCE_ALPHABET):
        return None
    return _format_reference(symbols)


def parse_access_code(text: str) -> str | None:
    """The ten digits that were meant, or `None`; forgiving like `parse_reference`."""
    code = _normalise_input(text)
    return code if len(code) == ACCESS_CODE_LENGTH and set(code) <= set("0123456789") else None


def format_access_code(code: str) -> str:
    """In two groups, as it is read out and copied down: `72945-18340`."""
    return f"{code[:5]}-{code[5:]}"


def _normalise_input(text: str) -> str:
    return digits.normalise_code(text).translate(_MISREAD) if len(text) <= _MAX_INPUT_LENGTH else ""


def _format_reference(symbols: str) -> str:
    return f"{REFERENCE_PREFIX}-{symbols[:4]}-{symbols[4:]}"
