"""The public number of a case and the secret that opens it, read back however they were typed.

A reference is always held as it is shown, `BK-7F3K-92MD`; an access code as its ten digits, `7294518340`.
"""

from random import Random

from . import digits

# Crockford's base 32: no I, L, O (they look like 1, 1, 0) and no U.
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "BK"
REFERENCE_LENGTH = 8
_BITS = 5  # of a symbol
CODE_LENGTH = 10

_MISREAD = str.maketrans("OIL", "011")
_LONGEST = 64  # nobody types more noise than this around a code


def new_reference(random: Random) -> str:
    """A fresh number, one of 32⁸ (about 10¹²). That it is free is for the database to say.

    `random` is a `SystemRandom`; only a demonstration that must come out the same twice uses another.
    """
    drawn = random.getrandbits(REFERENCE_LENGTH * _BITS)  # at once: each draw waits for other threads
    return _shown("".join([SYMBOLS[drawn >> _BITS * place & 31] for place in range(REFERENCE_LENGTH)]))


def parse_reference(text: str) -> str | None:
    """The reference that was meant, or `None`: with or without prefix and dashes, in any case and digits."""
    symbols = _read(text)
    if len(symbols) == len(PREFIX) + REFERENCE_LENGTH:
        symbols = symbols.removeprefix(PREFIX)
    if len(symbols) != REFERENCE_LENGTH or not set(symbols) <= set(SYMBOLS):
        return None
    return _shown(symbols)


def parse_access_code(text: str) -> str | None:
    """The ten digits that were meant, or `None`; forgiving like `parse_reference`."""
    code = _read(text)
    return code if len(code) == CODE_LENGTH and set(code) <= set("0123456789") else None


def show_access_code(code: str) -> str:
    """In two groups, as it is read out and copied down: `72945-18340`."""
    return f"{code[:5]}-{code[5:]}"


def _read(text: str) -> str:
    return digits.packed(text).translate(_MISREAD) if len(text) <= _LONGEST else ""


def _shown(symbols: str) -> str:
    return f"{PREFIX}-{symbols[:4]}-{symbols[4:]}"
