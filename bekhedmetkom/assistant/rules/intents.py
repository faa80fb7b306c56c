"""What a short answer means, however it is typed. A longer text means itself."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.digits import to_western_digits
from bekhedmetkom.kernel.phone_numbers import parse_phone
from bekhedmetkom.kernel.references import parse_access_code, parse_reference
from bekhedmetkom.language.language_detection import detect_language
from bekhedmetkom.language.normalisation import fold_text
from bekhedmetkom.language.word_lists import read_concepts

MAX_ANSWER_LENGTH = 60  # letters; what is longer is a text
_ONE_TYPO_FROM, _TWO_TYPOS_FROM = 5, 10  # letters of a phrase in which so many slips are forgiven
_MIN_DESCRIPTION_WORDS, _MIN_DESCRIPTION_LETTERS = 3, 9
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]*)*")
_REFERENCE = re.compile(r"\b[bB][kK][\s\-‐‑‒–—_]*([0-9A-Za-z]{4})[\s\-‐‑‒–—_]*([0-9A-Za-z]{4})\b")
_ACCESS_CODE = re.compile(r"(?<!\d)\d(?:[ \-‐‑‒–—]?\d){9}(?!\d)")
_PRINTED_CODE = re.compile(r"\d{5}-\d{5}")  # as a receipt has it
HIDDEN_CODE = "•" * 10
_EMOJI_INTENTS = {
    "👍": "yes",
    "✅": "yes",
    "👌": "yes",
    "👎": "no",
    "❌": "no",
    "🙏": "thanks",
    "❤": "thanks",
    "👋": "hello",
}
_MAX_QUERY_WORDS = (
    12  # words around a reference in a sentence that asks for it; more are a story that mentions it
)


def _normalise_phrase(text: str) -> str:
    return " ".join(_WORD.findall(fold_text(text)))


def _read_intents() -> tuple[Mapping[str, str], tuple[str, ...], frozenset[str]]:
    lists = read_concepts("intents", Path(__file__).parent)
    beside = sorted(
        (_normalise_phrase(entry) for entry in lists.pop("beside").split(",")), key=len, reverse=True
    )
    english = frozenset(map(_normalise_phrase, lists.pop("english").split(",")))
    meanings = {
        phrase: name
        for name, entries in reversed(lists.items())  # where two claim one phrase the first has it
        for entry in entries.split(",")
        if (phrase := _normalise_phrase(entry))
    }
    return meanings, tuple(beside), english


_INTENTS, _POLITE_WORDS, _ENGLISH_WORDS = _read_intents()
_POLITE_WORDS_RE = re.compile(rf"(?:^|(?<= ))(?:{'|'.join(map(re.escape, _POLITE_WORDS))})(?= |$)")
KINDS = frozenset(map(str, Kind))
_KIND_PHRASES = {phrase: name for phrase, name in _INTENTS.items() if name in KINDS}


@lru_cache(maxsize=1024)
def recognise_intent(text: str) -> str:
    """The name in `words.txt` of what the whole of a short answer says; empty where it says none of them."""
    if len(text) > MAX_ANSWER_LENGTH:
        return ""
    if sign := next((name for thumb, name in _EMOJI_INTENTS.items() if thumb in text), ""):
        return sign
    said = _normalise_phrase(text)
    if not said:
        return "help" if fold_text(text).strip() in ("?", "؟") else ""
    bare = " ".join(_POLITE_WORDS_RE.sub("", said).split())
    for phrase in (said, bare):
        if found := _INTENTS.get(phrase):
            return found
    return _find_misspelled_intent(bare or said)


@lru_cache(maxsize=1024)
def find_kind(text: str) -> str:
    """The kind that a short sentence names: "I would like to file a complaint please"; empty where none or two."""
    if len(text) > MAX_ANSWER_LENGTH or len(said := _normalise_phrase(text).split()) > 6:
        return ""
    joined = f" {' '.join(said)} "
    named = {name for phrase, name in _KIND_PHRASES.items() if f" {phrase} " in joined}
    return named.pop() if len(named) == 1 else ""


def parse_number(text: str) -> int | None:
    """The number that an answer is, in whatever digits."""
    said = _normalise_phrase(text)
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 2 else None


def parse_case_query(text: str) -> tuple[str, str] | None:
    """The number of the case that a short text asks for, and its access code where that stands beside it."""
    if len(text) > 4 * MAX_ANSWER_LENGTH or len(text.split()) > _MAX_QUERY_WORDS:
        return None
    folded = fold_text(text)
    found = _REFERENCE.search(folded)
    reference = parse_reference("".join(found.groups())) if found else None
    if not found or not reference:
        return None
    beside = "".join(filter(str.isdigit, folded.replace(found[0], " ")))
    return reference, parse_access_code(beside) or ""


def hide_access_codes(text: str) -> str:
    """A text as it is kept, and as an officer may read it: what may be an access code is hidden, a telephone is not."""

    def seen(run: re.Match[str]) -> str:
        is_phone = not _PRINTED_CODE.fullmatch(run[0]) and parse_phone(to_western_digits(run[0]))
        return run[0] if is_phone else HIDDEN_CODE

    return _ACCESS_CODE.sub(seen, text)


def is_case_description(text: str) -> bool:
    """Whether there is enough in a text to be what a case is about."""
    letters = [sum(map(str.isalpha, word)) for word in fold_text(text).split()]
    return sum(map(bool, letters)) >= _MIN_DESCRIPTION_WORDS and sum(letters) >= _MIN_DESCRIPTION_LETTERS


def is_english(text: str) -> bool:
    """Whether even a word or two are English beyond doubt: nobody writes these between Arabic ones."""
    return not _ENGLISH_WORDS.isdisjoint(fold_text(text).split()) and detect_language(text) == "en"


def has_words(text: str) -> bool:
    """Three letters in a row of words, as the portal asks of a text."""
    return sum(map(str.isalpha, text[:200])) >= 3


def is_same_title(typed: str, shown: str) -> bool:
    """Whether what was typed is that title, give or take a letter."""
    one, other = _normalise_phrase(typed), _normalise_phrase(shown)
    return bool(one) and (
        one == other or (len(other) >= _ONE_TYPO_FROM and _is_within_distance(one, other, 1))
    )


def _find_misspelled_intent(said: str) -> str:
    if not _ONE_TYPO_FROM <= len(said) <= 30:
        return ""
    slips = 2 if len(said) >= _TWO_TYPOS_FROM else 1
    near = {
        name
        for phrase, name in _INTENTS.items()
        if len(phrase) >= _ONE_TYPO_FROM and _is_within_distance(said, phrase, slips)
    }
    return near.pop() if len(near) == 1 else ""


def _is_within_distance(one: str, other: str, most: int) -> bool:
    """Whether at most so many letters are missing, too many, other or changed places."""
    if abs(len(one) - len(other)) > most:
        return False
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
        rows.append(row)
    return rows[-1][-1] <= most
