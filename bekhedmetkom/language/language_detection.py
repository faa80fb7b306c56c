"""Language of a text: Arabic, English, Arabizi or other. It selects the reply language and the matching rules."""

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
    """Return `ar`, `en`, `arabizi` (Arabic in Latin letters) or `other`, by letters and function words."""
    return detect_folded_language(fold_text(text))


@lru_cache(maxsize=32)
def detect_folded_language(folded: str) -> TextLanguage:
    """Like `detect_language`, for a text that is already folded."""
    if not _LATIN.search(folded):  # most texts
        return "ar" if _ARABIC.search(folded) else "other"
    arabic, latin = (sum(map(len, letters.findall(folded))) for letters in (_ARABIC, _LATIN))
    if arabic * 2 >= latin:
        return "ar"
    words = _LATIN_WORD.findall(folded)
    digits = sum(1 for word in words if _DIGIT_AS_LETTER.search(word) and not _MEASUREMENT.fullmatch(word))
    arabizi = 2 * digits + sum(word in _FUNCTION_WORDS["arabizi"] for word in words)
    english = sum(word in _FUNCTION_WORDS["english"] for word in words)
    if arabizi > english:
        return "arabizi"
    if english or all(word.isascii() for word in folded.split()):
        return "en"
    return "other"
