"""How good is a reply before it goes out? Findings for its writer, a score, and whether it may go as it is. Pure.

A reply tells what was found, done or decided, by which unit, when, and where to object. What keeps it from going out
is a sentence that says nothing, a blank of the template, or no decision at all; all else is advice, and all advice
together does not block (docs/decisions/0026-the-quality-of-replies.md).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Protocol

from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.language.empty import LISTS, says_nothing, spoken
from bekhedmetkom.language.folding import fold, words
from bekhedmetkom.language.stems import stem
from bekhedmetkom.language.word_lists import read_concepts

THRESHOLD = 50  # of 100; below it a reply goes out only with a reason


class Code(StrEnum):
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
WEIGHTS: Mapping[Code, int] = {
    Code.EMPTY: 55, Code.BLANK: 55, Code.DECISION: 55,
    Code.UNIT: 12, Code.WHEN: 12, Code.ALIKE: 12, Code.OBJECT: 8, Code.LONG: 3, Code.OFFICIALESE: 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a reply, in words for its writer; `start` and `end` are its place in the text, if it has one."""

    code: Code
    words: Words
    weight: int
    start: int | None = None
    end: int | None = None
    quote: str = ""

    @property
    def blocks(self) -> bool:
        """Whether this alone keeps a reply from going out."""
        return 100 - self.weight < THRESHOLD

    @property
    def said(self) -> Words:
        """The words, with those of the text that they are about."""
        if not self.quote:
            return self.words
        return Words(f"«{self.quote}»: {self.words.ar}", f"“{self.quote}”: {self.words.en}")


class Past(NamedTuple):
    """A reply that the officer wrote before, on which case, and what that one is about (a key to compare)."""

    text: str
    matter: str
    reference: str


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the text: names of the body and its units, earlier replies, texts of templates."""

    kind: Kind
    disposition: Disposition | None = None
    units: Sequence[str] = ()
    matter: str = ""
    past: Sequence[Past] = ()
    templates: Sequence[str] = ()


class Detector(Protocol):
    """What looks at a reply; a learned one joins `DETECTORS` beside the rules."""

    def __call__(self, text: str, context: Context, /) -> Iterable[Finding]: ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found, in the order of its weight, and the score from 0 to 100 that it leaves."""

    findings: Sequence[Finding]
    score: int

    @property
    def blocks(self) -> bool:
        """Whether the reply goes out only with a reason."""
        return self.score < THRESHOLD


def judged(text: str, context: Context, detectors: Sequence[Detector] | None = None) -> Judgement:
    """Everything that the detectors find in a reply; each code costs its weight once."""
    found = [finding for detector in detectors or DETECTORS for finding in detector(text, context)]
    found.sort(key=lambda finding: -finding.weight)
    cost = {finding.code: finding.weight for finding in reversed(found)}
    return Judgement(found, max(0, 100 - sum(cost.values())))


class Sentence(NamedTuple):
    """A sentence and where it stands in the text."""

    text: str
    start: int
    end: int


_END = re.compile(r"[.!؟?؛…]+(?=\W|$)|\n+")
_WORDS = re.compile(r"[^\W_]+")


@lru_cache(maxsize=200)
def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text; a line ends one too."""
    cuts = [match.end() for match in _END.finditer(text)] + [len(text)]
    found = []
    for start, end in zip([0, *cuts], cuts, strict=False):
        piece = text[start:end]
        if _WORDS.search(piece):
            begin = start + len(piece) - len(piece.lstrip())
            found.append(Sentence(piece.strip(), begin, begin + len(piece.strip())))
    return tuple(found)


# Sentences that say nothing


_ONLY_THANKS = Words(
    "شكر بلا جواب. قل ما الذي تبيّن أو أُنجز.", "Thanks are no answer. Say what was found or done."
)
_SHORT_COURTESY = 9  # words


def empties(text: str, _context: Context) -> Iterator[Finding]:
    """Each sentence that says nothing; thanks only where there is nothing else."""
    told = sentences(text)
    for sentence in told:
        if hit := says_nothing(sentence.text):
            yield _found(Code.EMPTY, hit.why, sentence)
    if told and all(map(_courtesy, told)):
        yield _found(Code.EMPTY, _ONLY_THANKS, told[0])


def _courtesy(sentence: Sentence) -> bool:
    places = spoken(sentence.text)
    return "thanks" in places and "deed" not in places and len(words(sentence.text)) <= _SHORT_COURTESY


# Parts that are missing


_MISSING: Mapping[Code, Words] = {
    Code.DECISION: Words("لا يقول الرد ما الذي تبيّن أو أُنجز أو تقرّر.",
                         "It does not say what was found, done or decided."),
    Code.UNIT: Words("لا يذكر الرد أي قسم عمل على الطلب.", "It does not name the unit that worked on it."),
    Code.WHEN: Words("لا يذكر الرد متى: اكتب اليوم أو التاريخ.", "It does not say when: write the day or the date."),
    Code.OBJECT: Words("لا يذكر الرد أين يعترض من لم يقتنع.", "It does not say where to object."),
}  # fmt: skip
_NO_DECISION: Mapping[Disposition, Words] = {
    Disposition.INSUFFICIENT: Words("لا يقول الرد ما الذي ينقص.", "It does not say what is missing."),
    Disposition.BEFORE_COURT: Words("لا يذكر الرد المحكمة أو القضية.", "It does not name the court or the lawsuit."),
    Disposition.OUT_OF_SCOPE: Words("لا يقول الرد إلى من يتوجه صاحب الطلب.", "It does not say whom to turn to."),
}  # fmt: skip
_SAID_BY: Mapping[Disposition, str] = {
    Disposition.INSUFFICIENT: "need", Disposition.BEFORE_COURT: "court", Disposition.OUT_OF_SCOPE: "elsewhere",
}  # fmt: skip


def needed(kind: Kind, disposition: Disposition | None) -> tuple[Code, ...]:
    """The parts that such a reply has."""
    match disposition:
        case Disposition.ABUSE | Disposition.WITHDRAWN:
            return ()
        case Disposition.UPHELD if kind is Kind.VIOLATION:  # who reported it has nothing to object to
            return (Code.DECISION, Code.UNIT, Code.WHEN)
        case Disposition.UPHELD | Disposition.PARTLY_UPHELD | Disposition.NOT_UPHELD:
            return (Code.DECISION, Code.UNIT, Code.WHEN, Code.OBJECT)
        case Disposition.ADOPTED:
            return (Code.DECISION, Code.UNIT, Code.WHEN)
        case Disposition.NOT_ADOPTED:
            return (Code.DECISION, Code.UNIT)
        case Disposition.ANSWERED if kind is Kind.QUESTION:
            return (Code.DECISION, Code.UNIT)
        case _:
            return (Code.DECISION,)


def parts(text: str, context: Context) -> Iterator[Finding]:
    """What a reply of this kind and outcome has, and this one has not."""
    told = sentences(text)
    for code in needed(context.kind, context.disposition):
        match code:
            case Code.DECISION:
                there = _decides(told, context)
            case Code.UNIT:
                there = _speaks(told, "unit") or _names_one(text, context.units)
            case Code.WHEN:
                there = _speaks(told, "when")
            case _:
                there = _speaks(told, "object")
        if not there:
            said = _MISSING[code]
            if code is Code.DECISION and context.disposition:
                said = _NO_DECISION.get(context.disposition, said)
            yield _found(code, said)


def _speaks(told: Sequence[Sentence], concept: str) -> bool:
    return any(concept in spoken(sentence.text) for sentence in told)


@lru_cache(maxsize=1_000)
def _folded(name: str) -> str:
    return fold(name)


def _names_one(text: str, names: Sequence[str]) -> bool:
    folded = fold(text)
    return any(_folded(name) in folded for name in names if name)


_TELLS_BY_LENGTH = (
    10  # words that count, beside thanks and what says nothing: they tell something, whatever the verb
)
_A_FEW = 3
_STOPS = frozenset(read_concepts("stops")["stops"].split(", "))
_WE_DID = re.compile(r"\w{3,}نا(?:ه|ها|هم|هما|ك|كم|لك|لكم)?")


def _decides(told: Sequence[Sentence], context: Context) -> bool:
    """Whether anything is found, done or decided in what is left without thanks and what says nothing."""
    left = [one for one in told if not says_nothing(one.text) and not _courtesy(one)]
    wanted = _SAID_BY.get(context.disposition, "deed") if context.disposition else "deed"
    if _speaks(left, wanted):
        return True
    content = [word for one in left for word in words(one.text) if word not in _STOPS]
    if wanted == "deed" and any(
        _WE_DID.fullmatch(word) and "not-deed" not in spoken(word) for word in content
    ):
        return True
    return len(content) >= (_A_FEW if context.disposition is Disposition.ANSWERED else _TELLS_BY_LENGTH)


_BLANK = re.compile(r"\{[^{}\n]{1,60}\}")
_FILL_IN = Words("فراغ من القالب لم يُملأ.", "A blank of the template that was not filled in.")


def blanks(text: str, _context: Context) -> Iterator[Finding]:
    """Blanks of a template that are still there."""
    for match in _BLANK.finditer(text):
        yield _found(Code.BLANK, _FILL_IN, Sentence(match.group(), *match.span()))


# Likeness to what the same officer wrote before


_RUN = 3  # words
_FEWEST_RUNS = 6  # that are the officer's own, or nothing is said of likeness
_ALIKE = 0.8
_DAYS = frozenset(words(LISTS["when"]))
_LIKE = Words(
    "يكاد يطابق ردك على الطلب {reference}، وموضوعه مختلف.",
    "Nearly the same as your reply on {reference}, which is about something else.",
)
_Runs = frozenset[tuple[str, ...]]


def likeness(text: str, context: Context) -> Iterator[Finding]:
    """The reply, of another matter, that this one repeats; what comes from templates counts in neither."""
    common = frozenset().union(*map(_template_runs, context.templates))
    own = _runs(text) - common
    if len(own) < _FEWEST_RUNS:
        return
    others = [(past, _runs(past.text) - common) for past in context.past if past.matter != context.matter]
    past, share = max(
        ((past, _share(own, runs)) for past, runs in others), key=lambda p: p[1], default=(None, 0)
    )
    if past and share >= _ALIKE:
        yield _found(Code.ALIKE, _LIKE.filled(reference=past.reference))


def _share(one: _Runs, other: _Runs) -> float:
    """Twice what they have in common, of all that both have: 1 where they are the same."""
    return 2 * len(one & other) / (len(one) + len(other))


@lru_cache(maxsize=500)
def _runs(text: str) -> _Runs:
    """The runs of three stems in a text; any number or day is like any other."""
    roots = ["#" if word.isdigit() or word in _DAYS else stem(word) for word in words(text)]
    return frozenset(tuple(roots[at : at + _RUN]) for at in range(len(roots) - _RUN + 1))


@lru_cache(maxsize=500)
def _template_runs(template: str) -> _Runs:
    return frozenset().union(*map(_runs, _BLANK.split(template)))


# How hard it is to read


_LONGEST = 35  # words of a sentence
_TOO_LONG = Words("جملة طويلة. اقسمها إلى جملتين أو ثلاث.", "A long sentence. Make two or three of it.")
_PLAINER = Words(
    "عبارة رسمية ثقيلة. قلها كما تقولها لإنسان أمامك.",
    "Officialese. Say it as you would to somebody in front of you.",
)


def reading(text: str, _context: Context) -> Iterator[Finding]:
    """Sentences that are long or speak officialese."""
    for sentence in sentences(text):
        if len(words(sentence.text)) > _LONGEST:
            yield _found(Code.LONG, _TOO_LONG, sentence)
        if "officialese" in spoken(sentence.text):
            yield _found(Code.OFFICIALESE, _PLAINER, sentence)


_LONGEST_QUOTE = 90  # letters


def _found(code: Code, said: Words, place: Sentence | None = None) -> Finding:
    if place is None:
        return Finding(code, said, WEIGHTS[code])
    quote = place.text if len(place.text) <= _LONGEST_QUOTE else f"{place.text[:_LONGEST_QUOTE].rstrip()}…"
    return Finding(code, said, WEIGHTS[code], place.start, place.end, quote)


DETECTORS: Sequence[Detector] = (empties, blanks, parts, likeness, reading)
