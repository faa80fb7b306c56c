"""Which language a text is in: enough to answer in the reader's own, and to choose how it is matched."""

import re
from functools import lru_cache
from typing import Literal

from .normalisation import fold_text
from .word_lists import read_concepts

TextLanguage = Literal["ar", "en", "arabizi", "other"]

_ARABIC = re.compile(r"[\u0621-\u064a]+")
_LATIN = re.compile(r"[a-z]+")
_LATIN_WORD = re.compile(r"[a-z0-9']*[a-z][a-z0-9']*")
_DIGIT_AS_LETTER = re.compile(
    r"[a-z][235679](?![0-9])|(?<![0-9])[235679]'?[a-z]{2}|(?<![0-9])[235679]'?[a-z](?=[0-9])"
)
_MEASUREMENT = re.compile(r"\d+(?:st|nd|rd|th|am|pm|jd|jod|km|kg|kwh|mb|gb|m|h|d|k|x|g|cm|mm)\b")

_FUNCTION_WORDS = {
    name: frozenset(entries.split(", ")) for name, entries in read_concepts("function_words").items()
}


def detect_language(text: str) -> TextLanguage:
    """`ar`, `en`, `arabizi` (Arabic in Latin letters) or `other`, by letters and the commonest words."""
    return detect_folded_language(fold_text(text))


@lru_cache(maxsize=32)
def detect_folded_language(folded: str) -> TextLanguage:
    """The same of a text that has been folded already."""
    if not _LATIN.search(folded):  # as most texts
        return "ar" if _ARABIC.search(folded) else "other"
    arabic, latin = (sum(map(len, letters.findall(folded))) for letters in (_ARABIC, _LATIN))
    if arabic * 2 >= latin:
        return "ar"
    found = _LATIN_WORD.findall(folded)
    digits = sum(1 for word in found if _DIGIT_AS_LETTER.search(word) and not _MEASUREMENT.fullmatch(word))
    arabizi = 2 * digits + sum(word in _FUNCTION_WORDS["arabizi"] for word in found)
    english = sum(word in _FUNCTION_WORDS["english"] for word in found)
    if arabizi > english:
        return "arabizi"
    if english or all(word.isascii() for word in folded.split()):
        return "en"
    return "other"
