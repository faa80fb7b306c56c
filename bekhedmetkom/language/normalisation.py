"""Text normalisation for comparison: folded spelling, words and light stems. Never shown to people."""

import re
import unicodedata
from functools import lru_cache
from itertools import chain

# Persian, Urdu and decorative letters that stand for an Arabic one. Unicode's NFKD does the rest: it separates
# hamza and madda (أ إ آ ؤ ئ) and maps presentation forms to plain letters.
_LETTERS = {
    **dict(zip("ةىٱیېےکڪگہھەۃپچڤڥژ", "هيايييكككههههبجففز", strict=True)),
    **dict.fromkeys("’‘`", "'"),
    "ـ": "",
}
_IGNORED_CATEGORIES = {"Mn", "Me", "Cf"}  # diacritics, enclosures, zero-width and direction marks
_TABLE_LIMIT = 20_000  # a hostile text may contain every code point

_LONG_REPEAT = re.compile(r"([^\W\d_])\1{2,}")
_LAST_HAMZA = re.compile(r"(?<=\w{3}ا)ء+\b")  # كهرباء is often typed كهربا; short words (ماء) keep it
_WORD = re.compile(r"[^\W_]+")
_MAX_WORD_LENGTH = 40  # characters; longer texts are folded word by word


class _FoldingTable(dict[int, str]):
    """Translation table for `str.translate`, filled at first use of each character."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _TABLE_LIMIT:
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    before, now = "", character
    while now != before:
        before = now
        now = "".join(_fold_letter(part) for part in unicodedata.normalize("NFKD", now).casefold())
    return now


def _fold_letter(character: str) -> str:
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category in _IGNORED_CATEGORIES:
        return ""
    if category in {"Cc", "Cs"}:
        return " "
    return _LETTERS.get(character, character)


_FOLDING_TABLE = _FoldingTable()


def fold_text(text: str) -> str:
    """Return `text` in the spelling used for matching. Never fails; idempotent.

    Drops diacritics, tatweel, zero-width and direction marks; unifies the forms of alef, hamza, ta marbuta, alef
    maqsura and Persian letters; makes digits Western and Latin letters lower case; reduces letters repeated three
    times or more to one and white space to single blanks.
    """
    return _fold_word(text) if len(text) <= _MAX_WORD_LENGTH else _fold_long_text(text)


@lru_cache(maxsize=32)  # corruption, danger and ranking read the same text one after another
def _fold_long_text(text: str) -> str:
    """Fold word by word: the spelling of a word does not depend on the next."""
    return " ".join(filter(None, map(_fold_word, text.split())))


@lru_cache(maxsize=20_000)
def _fold_word(text: str) -> str:
    folded = text.translate(_FOLDING_TABLE)
    if any(letter * 3 in folded for letter in set(folded)):
        folded = _LONG_REPEAT.sub(r"\1", folded)
    if "ء" in folded:
        folded = _LAST_HAMZA.sub("", folded)
    return " ".join(folded.split())


def split_words(text: str) -> list[str]:
    """Return the folded words of `text`, in order, without punctuation."""
    return list(chain.from_iterable(map(_split_token, fold_text(text).split())))


@lru_cache(maxsize=20_000)
def _split_token(written: str) -> list[str]:
    return _WORD.findall(written)


_STEM_PREFIX = re.compile(r"^[وف]?(?:[بكل]?ال|لل|عال|هال)(?=\w{3})")
_STEM_SUFFIX = re.compile(r"(?<=\w{3})(?:اته[مان]?|ات|يين|ين|ون|يه|ها|هم|نا|كم|ته|تي|ه|ي|وا|و)$")
_ENGLISH_SUFFIX = re.compile(r"(?<=[a-z]{3})(?:ations?|ings?|ies|ed|es|s|y|e)$")


@lru_cache(maxsize=50_000)
def get_stem(word: str) -> str:
    """Return the light stem of a folded word, Arabic or English."""
    if word.isascii():
        return _ENGLISH_SUFFIX.sub("", word)
    return _STEM_SUFFIX.sub("", _STEM_PREFIX.sub("", word))


def list_stems(text: str) -> list[str]:
    """Return the stems of a text's words, in order: the terms of search documents and queries."""
    return [get_stem(word) for word in split_words(text)]
