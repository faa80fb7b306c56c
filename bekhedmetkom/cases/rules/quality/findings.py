"""What can be found in a reply, what it costs, and beside what a reply is judged."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Protocol

from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.kernel.text import BilingualText

MIN_SCORE = 50  # of 100; below it a reply goes out only with a reason


class Sentence(NamedTuple):
    """A sentence and where it stands in the text."""

    text: str
    start: int
    end: int


_SENTENCE_END = re.compile(r"[.!؟?؛…]+(?=\W|$)|\n+")
_WORD_PATTERN = re.compile(r"[^\W_]+")


@lru_cache(maxsize=200)
def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text; a line ends one too."""
    cuts = [match.end() for match in _SENTENCE_END.finditer(text)] + [len(text)]
    told = []
    for start, end in zip([0, *cuts], cuts, strict=False):
        piece = text[start:end]
        if _WORD_PATTERN.search(piece):
            begin = start + len(piece) - len(piece.lstrip())
            told.append(Sentence(piece.strip(), begin, begin + len(piece.strip())))
    return tuple(told)


class FindingCode(StrEnum):
    """What can be found in a reply."""

    EMPTY = "empty_sentence"
    BLANK = "blank_left"
    DECISION = "no_decision"
    UNIT = "no_unit"
    WHEN = "no_date"
    OBJECT = "no_way_to_object"
    ALIKE = "like_another"
    LONG = "long_sentence"
    OFFICIALESE = "officialese"


# What the score loses, once for each code. Whatever says too little falls below the threshold by itself; the rest
# together comes down to it and not below.
FINDING_WEIGHTS: Mapping[FindingCode, int] = {
    FindingCode.EMPTY: 55,
    FindingCode.BLANK: 55,
    FindingCode.DECISION: 55,
    FindingCode.UNIT: 12,
    FindingCode.WHEN: 12,
    FindingCode.ALIKE: 12,
    FindingCode.OBJECT: 8,
    FindingCode.LONG: 3,
    FindingCode.OFFICIALESE: 3,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a reply, in words for its writer; `start` and `end` are its place in the text, if it has one."""

    code: FindingCode
    words: BilingualText
    weight: int
    start: int | None = None
    end: int | None = None
    quote: str = ""

    @property
    def blocks(self) -> bool:
        """Whether this alone keeps a reply from going out."""
        return 100 - self.weight < MIN_SCORE

    @property
    def said(self) -> BilingualText:
        """The words, with those of the text that they are about."""
        if not self.quote:
            return self.words
        return BilingualText(f"«{self.quote}»: {self.words.ar}", f"“{self.quote}”: {self.words.en}")


class PastReply(NamedTuple):
    """A reply that the officer wrote before, on which case, and what that one is about (a key to compare)."""

    text: str
    matter: str
    reference: str


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """What is known beside the text: names of the body and its units, earlier replies, texts of templates."""

    kind: Kind
    disposition: Disposition | None = None
    units: Sequence[str] = ()
    matter: str = ""
    past: Sequence[PastReply] = ()
    templates: Sequence[str] = ()
    given: frozenset[FindingCode] = (
        frozenset()
    )  # parts that the writer gave by themselves: nobody looks for them in the text


class Detector(Protocol):
    """What looks at a reply; a learned one joins `DETECTORS` beside the rules."""

    def __call__(self, text: str, context: ReplyContext, /) -> Iterable[Finding]: ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found, in the order of its weight, and the score from 0 to 100 that it leaves."""

    findings: Sequence[Finding]
    score: int

    @property
    def blocks(self) -> bool:
        """Whether the reply goes out only with a reason."""
        return self.score < MIN_SCORE


_MAX_QUOTE_LENGTH = 90  # letters


def build_finding(code: FindingCode, said: BilingualText, place: Sentence | None = None) -> Finding:
    """A finding about the whole of a reply, or about one place of it."""
    if place is None:
        return Finding(code, said, FINDING_WEIGHTS[code])
    quote = (
        place.text if len(place.text) <= _MAX_QUOTE_LENGTH else f"{place.text[:_MAX_QUOTE_LENGTH].rstrip()}…"
    )
    return Finding(code, said, FINDING_WEIGHTS[code], place.start, place.end, quote)
