"""What a short answer means, however it is typed. A longer text means itself."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.digits import western
from bekhedmetkom.kernel.phones import parse_phone
from bekhedmetkom.kernel.references import parse_access_code, parse_reference
from bekhedmetkom.language.detect import language_of
from bekhedmetkom.language.folding import fold
from bekhedmetkom.language.word_lists import read_concepts

LONGEST_ANSWER = 60  # letters; what is longer is a text
_SLIP_FROM, _TWO_SLIPS_FROM = 5, 10  # letters of a phrase in which so many slips are forgiven
_STORY_WORDS, _STORY_LETTERS = 3, 9
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]*)*")
_REFERENCE = re.compile(r"\b[bB][kK][\s\-‐‑‒–—_]*([0-9A-Za-z]{4})[\s\-‐‑‒–—_]*([0-9A-Za-z]{4})\b")
_CODE = re.compile(r"(?<!\d)\d(?:[ \-‐‑‒–—]?\d){9}(?!\d)")
_PRINTED = re.compile(r"\d{5}-\d{5}")  # as a receipt has it
HIDDEN = "•" * 10
_THUMBS = {
    "👍": "yes",
    "✅": "yes",
    "👌": "yes",
    "👎": "no",
    "❌": "no",
    "🙏": "thanks",
    "❤": "thanks",
    "👋": "hello",
}
_ASKS_FOR_IT = (
    12  # words around a reference in a sentence that asks for it; more are a story that mentions it
)


def _phrase(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


def _read() -> tuple[Mapping[str, str], tuple[str, ...], frozenset[str]]:
    lists = read_concepts("words", Path(__file__).parent)
    beside = sorted((_phrase(entry) for entry in lists.pop("beside").split(",")), key=len, reverse=True)
    english = frozenset(map(_phrase, lists.pop("english").split(",")))
    meanings = {
        phrase: name
        for name, entries in reversed(lists.items())  # where two claim one phrase the first has it
        for entry in entries.split(",")
        if (phrase := _phrase(entry))
    }
    return meanings, tuple(beside), english


_MEANINGS, _BESIDE, _PLAINLY_ENGLISH = _read()
_BESIDE_RE = re.compile(rf"(?:^|(?<= ))(?:{'|'.join(map(re.escape, _BESIDE))})(?= |$)")
KINDS = frozenset(map(str, Kind))
_KIND_PHRASES = {phrase: name for phrase, name in _MEANINGS.items() if name in KINDS}


@lru_cache(maxsize=1024)
def meaning(text: str) -> str:
    """The name in `words.txt` of what the whole of a short answer says; empty where it says none of them."""
    if len(text) > LONGEST_ANSWER:
        return ""
    if sign := next((name for thumb, name in _THUMBS.items() if thumb in text), ""):
        return sign
    said = _phrase(text)
    if not said:
        return "help" if fold(text).strip() in ("?", "؟") else ""
    bare = " ".join(_BESIDE_RE.sub("", said).split())
    for phrase in (said, bare):
        if found := _MEANINGS.get(phrase):
            return found
    return _slipped(bare or said)


@lru_cache(maxsize=1024)
def kind_in(text: str) -> str:
    """The kind that a short sentence names: "I would like to file a complaint please"; empty where none or two."""
    if len(text) > LONGEST_ANSWER or len(said := _phrase(text).split()) > 6:
        return ""
    joined = f" {' '.join(said)} "
    named = {name for phrase, name in _KIND_PHRASES.items() if f" {phrase} " in joined}
    return named.pop() if len(named) == 1 else ""


def number_in(text: str) -> int | None:
    """The number that an answer is, in whatever digits."""
    said = _phrase(text)
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 2 else None


def case_in(text: str) -> tuple[str, str] | None:
    """The number of the case that a short text asks for, and its access code where that stands beside it."""
    if len(text) > 4 * LONGEST_ANSWER or len(text.split()) > _ASKS_FOR_IT:
        return None
    folded = fold(text)
    found = _REFERENCE.search(folded)
    reference = parse_reference("".join(found.groups())) if found else None
    if not found or not reference:
        return None
    beside = "".join(filter(str.isdigit, folded.replace(found[0], " ")))
    return reference, parse_access_code(beside) or ""


def without_codes(text: str) -> str:
    """A text as it is kept, and as an officer may read it: what may be an access code is hidden, a telephone is not."""

    def seen(run: re.Match[str]) -> str:
        is_phone = not _PRINTED.fullmatch(run[0]) and parse_phone(western(run[0]))
        return run[0] if is_phone else HIDDEN

    return _CODE.sub(seen, text)


def is_story(text: str) -> bool:
    """Whether there is enough in a text to be what a case is about."""
    letters = [sum(map(str.isalpha, word)) for word in fold(text).split()]
    return sum(map(bool, letters)) >= _STORY_WORDS and sum(letters) >= _STORY_LETTERS


def is_english(text: str) -> bool:
    """Whether even a word or two are English beyond doubt: nobody writes these between Arabic ones."""
    return not _PLAINLY_ENGLISH.isdisjoint(fold(text).split()) and language_of(text) == "en"


def says_something(text: str) -> bool:
    """Three letters in a row of words, as the portal asks of a text."""
    return sum(map(str.isalpha, text[:200])) >= 3


def same(typed: str, shown: str) -> bool:
    """Whether what was typed is that title, give or take a letter."""
    one, other = _phrase(typed), _phrase(shown)
    return bool(one) and (one == other or (len(other) >= _SLIP_FROM and _is_near(one, other, 1)))


def _slipped(said: str) -> str:
    if not _SLIP_FROM <= len(said) <= 30:
        return ""
    slips = 2 if len(said) >= _TWO_SLIPS_FROM else 1
    near = {
        name
        for phrase, name in _MEANINGS.items()
        if len(phrase) >= _SLIP_FROM and _is_near(said, phrase, slips)
    }
    return near.pop() if len(near) == 1 else ""


def _is_near(one: str, other: str, most: int) -> bool:
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
