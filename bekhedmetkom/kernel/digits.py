"""Numbers and codes as people type them: with Arabic digits, spaces, dashes and invisible direction marks."""

import unicodedata


def to_western_digits(text: str) -> str:
    """The same text with every decimal digit (Arabic ٣, Persian ۳, wide ３) as 0-9 and no invisible marks."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    if plain.isprintable() and not any(map(str.isdecimal, plain)):  # as a name is: nothing to change
        return plain
    return "".join(_to_western_digit(c) for c in plain if unicodedata.category(c) != "Cf")


def _to_western_digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def normalise_code(text: str) -> str:
    """Only what counts in a code: its letters in upper case and its digits, with nothing between them."""
    return "".join(c for c in to_western_digits(text).upper() if c.isalnum())
