"""Recognition of intents, references and numbers in short messages."""

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

MAX_ANSWER_LENGTH = 60  # a longer message is a description, not an answer
_ONE_TYPO_FROM, _TWO_TYPOS_FROM = 5, 10  # lengths of a phrase from which one and two typos are accepted
_MIN_DESCRIPTION_WORDS, _MIN_DESCRIPTION_LETTERS = 3, 9
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]*)*")
_REFERENCE = re.compile(r"\b[bB][kK][\s\-‐‑‒–—_]*([0-9A-Za-z]{4})[\s\-‐‑‒–—_]*([0-9A-Za-z]{4})\b")
_ACCESS_CODE = re.compile(r"(?<!\d)\d(?:[ \-‐‑‒–—]?\d){9}(?!\d)")
_PRINTED_CODE = re.compile(r"\d{5}-\d{5}")  # the format of a receipt
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
_MAX_QUERY_WORDS = 12  # longest query around a reference; a longer text only mentions it


def _normalise_phrase(text: str) -> str:
    return " ".join(_WORD.findall(fold_text(text)))


def _read_intents() -> tuple[Mapping[str, str], tuple[str, ...], frozenset[str]]:
    lists = read_concepts("intents", Path(__file__).parent)
    polite_words = sorted(
        (_normalise_phrase(entry) for entry in lists.pop("beside").split(",")), key=len, reverse=True
    )
    english = frozenset(map(_normalise_phrase, lists.pop("english").split(",")))
    meanings = {
        phrase: name
        for name, entries in reversed(lists.items())  # the first list that claims a phrase wins
        for entry in entries.split(",")
        if (phrase := _normalise_phrase(entry))
    }
    return meanings, tuple(polite_words), english


_INTENTS, _POLITE_WORDS, _ENGLISH_WORDS = _read_intents()
_POLITE_WORDS_RE = re.compile(rf"(?:^|(?<= ))(?:{'|'.join(map(re.escape, _POLITE_WORDS))})(?= |$)")
KINDS = frozenset(map(str, Kind))
_KIND_PHRASES = {phrase: name for phrase, name in _INTENTS.items() if name in KINDS}


@lru_cache(maxsize=1024)
def recognise_intent(text: str) -> str:
    """Return the intent in `intents.txt` that the whole short message expresses, or an empty string."""
    if len(text) > MAX_ANSWER_LENGTH:
        return ""
    if sign := next((name for thumb, name in _EMOJI_INTENTS.items() if thumb in text), ""):
        return sign
    phrase = _normalise_phrase(text)
    if not phrase:
        return "help" if fold_text(text).strip() in ("?", "؟") else ""
    bare = " ".join(_POLITE_WORDS_RE.sub("", phrase).split())
    for candidate in (phrase, bare):
        if intent := _INTENTS.get(candidate):
            return intent
    return _find_misspelled_intent(bare or phrase)


@lru_cache(maxsize=1024)
def find_kind(text: str) -> str:
    """Return the one kind of case that a short sentence names, or an empty string."""
    if len(text) > MAX_ANSWER_LENGTH or len(words := _normalise_phrase(text).split()) > 6:
        return ""
    joined = f" {' '.join(words)} "
    named = {name for phrase, name in _KIND_PHRASES.items() if f" {phrase} " in joined}
    return named.pop() if len(named) == 1 else ""


def parse_number(text: str) -> int | None:
    """Return the number that the message is, in Arabic or Western digits."""
    phrase = _normalise_phrase(text)
    return int(phrase) if phrase.isascii() and phrase.isdigit() and len(phrase) <= 2 else None


def parse_case_query(text: str) -> tuple[str, str] | None:
    """Return the reference that a short text asks for, and the access code beside it or an empty string."""
    if len(text) > 4 * MAX_ANSWER_LENGTH or len(text.split()) > _MAX_QUERY_WORDS:
        return None
    folded = fold_text(text)
    reference_match = _REFERENCE.search(folded)
    reference = parse_reference("".join(reference_match.groups())) if reference_match else None
    if not reference_match or not reference:
        return None
    digits = "".join(filter(str.isdigit, folded.replace(reference_match[0], " ")))
    return reference, parse_access_code(digits) or ""


def hide_access_codes(text: str) -> str:
    """Return the text with everything that may be an access code hidden; phone numbers stay."""

    def hide(match: re.Match[str]) -> str:
        is_phone = not _PRINTED_CODE.fullmatch(match[0]) and parse_phone(to_western_digits(match[0]))
        return match[0] if is_phone else HIDDEN_CODE

    return _ACCESS_CODE.sub(hide, text)


def is_case_description(text: str) -> bool:
    """Return whether the text is long enough to describe a case."""
    letters = [sum(map(str.isalpha, word)) for word in fold_text(text).split()]
    return sum(map(bool, letters)) >= _MIN_DESCRIPTION_WORDS and sum(letters) >= _MIN_DESCRIPTION_LETTERS


def is_english(text: str) -> bool:
    """Return whether the text contains a word that only an English writer uses."""
    return not _ENGLISH_WORDS.isdisjoint(fold_text(text).split()) and detect_language(text) == "en"


def has_words(text: str) -> bool:
    """Return whether the text has at least three letters, as the portal requires."""
    return sum(map(str.isalpha, text[:200])) >= 3


def is_same_title(typed: str, shown: str) -> bool:
    """Return whether the typed text is that title, with at most one typo."""
    first, second = _normalise_phrase(typed), _normalise_phrase(shown)
    return bool(first) and (
        first == second or (len(second) >= _ONE_TYPO_FROM and _is_within_distance(first, second, 1))
    )


def _find_misspelled_intent(typed: str) -> str:
    if not _ONE_TYPO_FROM <= len(typed) <= 30:
        return ""
    typos = 2 if len(typed) >= _TWO_TYPOS_FROM else 1
    near = {
        name
        for phrase, name in _INTENTS.items()
        if len(phrase) >= _ONE_TYPO_FROM and _is_within_distance(typed, phrase, typos)
    }
    return near.pop() if len(near) == 1 else ""


def _is_within_distance(first: str, second: str, limit: int) -> bool:
    """Return whether at most `limit` letters are missing, extra, different or transposed."""
    if abs(len(first) - len(second)) > limit:
        return False
    rows = [list(range(len(second) + 1))]
    for i, a in enumerate(first, 1):
        row = [i]
        for j, b in enumerate(second, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return False
        rows.append(row)
    return rows[-1][-1] <= limit
