"""SMS encoding: alphabet, parts and shortening."""

from collections.abc import Iterable

GSM_ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)  # GSM 03.38: a letter's place is its number
GSM_EXTENSION = {"\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40,
            "€": 0x65}  # fmt: skip
ESCAPE = 0x1B  # goes before each of these
# Letters in a text that is one part, and in each of several, whose headers take their share.
SEVEN_BIT_PART_SIZES = (160, 153)
SIXTEEN_BIT_PART_SIZES = (70, 67)

_GSM_CODES = {letter: number for number, letter in enumerate(GSM_ALPHABET) if number != ESCAPE}


def is_gsm_text(text: str) -> bool:
    """Return whether every character is in the 7-bit GSM alphabet; one Arabic letter needs 16 bits for all."""
    return all(letter in _GSM_CODES or letter in GSM_EXTENSION for letter in text)


def encode_gsm(text: str) -> bytes:
    """Return the text in GSM 03.38, one septet per octet."""
    return b"".join(
        bytes([_GSM_CODES[letter]] if letter in _GSM_CODES else [ESCAPE, GSM_EXTENSION[letter]])
        for letter in text
    )


def split_sms(text: str) -> list[str]:
    """The parts in which a text is sent. No letter that takes two places is cut in half."""
    wide = not is_gsm_text(text)
    one, several = SIXTEEN_BIT_PART_SIZES if wide else SEVEN_BIT_PART_SIZES
    sizes = [_count_units(letter, wide=wide) for letter in text]
    return [text] if sum(sizes) <= one else list(_iterate_parts(text, sizes, several))


def count_sms_parts(text: str) -> int:
    """How many SMS a text takes: 160 plain Latin letters or 70 others in one, 153 or 67 in each of several."""
    return len(split_sms(text))


def shorten_text(text: str, room: int) -> str:
    """At most `room` letters of a text, cut between two words where it has any, with an ellipsis for the rest."""
    if len(text) <= room:
        return text
    head = text[: room - 1]
    return f"{head.rsplit(None, 1)[0] if head.split() else head}…"


def _count_units(letter: str, *, wide: bool) -> int:
    return len(letter.encode("utf-16-be")) // 2 if wide else 1 + (letter in GSM_EXTENSION)


def _iterate_parts(text: str, sizes: list[int], most: int) -> Iterable[str]:
    start = used = 0
    for place, size in enumerate(sizes):
        if used + size > most:
            yield text[start:place]
            start, used = place, 0
        used += size
    yield text[start:]
