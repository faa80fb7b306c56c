"""One spelling for what people type in many: the form in which words are compared, never shown."""

import re
import unicodedata
from functools import lru_cache
from itertools import chain


# Persian, Urdu and decorative letters that stand for an Arabic one; the rest is in Unicode's own tables, which
# take a hamza or madda off its seat (أ إ آ ؤ ئ) and presentation forms back to plain letters.
_LETTERS = {
    **dict(zip("ةىٱیېےکڪگہھەۃپچڤڥژ", "هيايييكككههههبجففز", strict=True)),
    **dict.fromkeys("’‘`", "'"),
    "ـ": "",
}
_IGNORED_CATEGORIES = {"Mn", "Me", "Cf"}  # diacritics, enclosures, zero-width and direction marks
_TABLE_LIMIT = 20_000  # a hostile text may hold every code point there is; the table must not

_LONG_REPEAT = re.compile(r"([^\W\d_])\1{2,}")
_LAST_HAMZA = re.compile(r"(?<=\w{3}ا)ء+\b")  # كهرباء is typed كهربا; short words (ماء) keep theirs
_WORD = re.compile(r"[^\W_]+")
_MAX_WORD_LENGTH = 40  # letters of what is a word or a name, not a text


class _FoldingTable(dict[int, str]):
    """What each character becomes, worked out the first time that it is met."""

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
    """`text` in the spelling used for matching. Never fails; folding twice changes nothing.

    Drops diacritics, tatweel, zero-width and direction marks; makes one letter of the forms of alef, hamza,
    ta marbuta, alef maqsura and their Persian cousins; digits become Western, Latin letters small, a letter
    written three times or more becomes one, white space one blank.
    """
    return _fold_word(text) if len(text) <= _MAX_WORD_LENGTH else _fold_long_text(text)


@lru_cache(maxsize=32)  # one text is read by the gate, the danger list, suggestions, one after another
def _fold_long_text(text: str) -> str:
    """Word by word, for nothing in the spelling of one depends on the next."""
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
    """The folded words of `text`, in order, without punctuation."""
    return list(chain.from_iterable(map(_split_token, fold_text(text).split())))


@lru_cache(maxsize=20_000)
def _split_token(written: str) -> list[str]:
    return _WORD.findall(written)


_STEM_PREFIX = re.compile(r"^[وف]?(?:[بكل]?ال|لل|عال|هال)(?=\w{3})")
_STEM_SUFFIX = re.compile(r"(?<=\w{3})(?:اته[مان]?|ات|يين|ين|ون|يه|ها|هم|نا|كم|ته|تي|ه|ي|وا|و)$")
_ENGLISH_SUFFIX = re.compile(r"(?<=[a-z]{3})(?:ations?|ings?|ies|ed|es|s|y|e)$")


@lru_cache(maxsize=50_000)
def get_stem(word: str) -> str:
    """The light stem of a folded word, Arabic or English."""
    if word.isascii():
        return _ENGLISH_SUFFIX.sub("", word)
    return _STEM_SUFFIX.sub("", _STEM_PREFIX.sub("", word))


def list_stems(text: str) -> list[str]:
    """The stems of a text's words, in order: what search keeps of it, and what a search is made of."""
    return [get_stem(word) for word in split_words(text)]
