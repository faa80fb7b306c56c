"""Case references and access codes: generation, parsing and display.

References are stored as displayed, `BK-7F3K-92MD`; access codes as ten digits, `7294518340`.
"""

from random import Random

from . import digits

# Crockford's base 32: no I, L, O (they look like 1, 1, 0) and no U.
REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_PREFIX = "BK"
REFERENCE_LENGTH = 8
_BITS_PER_SYMBOL = 5
ACCESS_CODE_LENGTH = 10

_MISREAD = str.maketrans("OIL", "011")
_MAX_INPUT_LENGTH = 64  # characters, with separators


def generate_reference(random: Random) -> str:
    """Return a random reference, one of 32⁸ (about 10¹²); the database ensures that it is unique.

    `random` is a `SystemRandom`; only the reproducible demonstration uses another.
    """
    drawn = random.getrandbits(REFERENCE_LENGTH * _BITS_PER_SYMBOL)  # one call: each takes a lock
    return _format_reference(
        "".join(
            [REFERENCE_ALPHABET[drawn >> _BITS_PER_SYMBOL * place & 31] for place in range(REFERENCE_LENGTH)]
        )
    )


def parse_reference(text: str) -> str | None:
    """Return the reference, or `None`; accepts any case and digits, with or without prefix and dashes."""
    symbols = _normalise_input(text)
    if len(symbols) == len(REFERENCE_PREFIX) + REFERENCE_LENGTH:
        symbols = symbols.removeprefix(REFERENCE_PREFIX)
    if len(symbols) != REFERENCE_LENGTH or not set(symbols) <= set(REFERENCE_ALPHABET):
        return None
    return _format_reference(symbols)


def parse_access_code(text: str) -> str | None:
    """Return the ten digits, or `None`; as tolerant as `parse_reference`."""
    code = _normalise_input(text)
    return code if len(code) == ACCESS_CODE_LENGTH and set(code) <= set("0123456789") else None


def format_access_code(code: str) -> str:
    """Return the code in two groups: `72945-18340`."""
    return f"{code[:5]}-{code[5:]}"


def _normalise_input(text: str) -> str:
    return digits.normalise_code(text).translate(_MISREAD) if len(text) <= _MAX_INPUT_LENGTH else ""


def _format_reference(symbols: str) -> str:
    return f"{REFERENCE_PREFIX}-{symbols[:4]}-{symbols[4:]}"
