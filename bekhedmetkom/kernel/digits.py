"""Normalisation of typed numbers and codes: Arabic digits, spaces, dashes and invisible direction marks."""

import unicodedata


def to_western_digits(text: str) -> str:
    """Return the text with decimal digits (Arabic ٣, Persian ۳, wide ３) as 0-9 and without invisible marks."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    if plain.isprintable() and not any(map(str.isdecimal, plain)):  # names: nothing to change
        return plain
    return "".join(_to_western_digit(c) for c in plain if unicodedata.category(c) != "Cf")


def _to_western_digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def normalise_code(text: str) -> str:
    """Return only the letters, in upper case, and the digits of a code."""
    return "".join(c for c in to_western_digits(text).upper() if c.isalnum())
