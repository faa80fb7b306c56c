"""Does a reply say anything, and all that one of its kind and outcome says?"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bekhedmetkom.catalogue.rules import BLANK_PATTERN, Disposition, Kind
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.boilerplate import find_boilerplate, find_concepts
from bekhedmetkom.language.normalisation import fold_text, split_words
from bekhedmetkom.language.word_lists import read_concepts

from .findings import Code, Context, Finding, Sentence, found, sentences

_ONLY_THANKS = BilingualText(
    "شكر بلا جواب. قل ما الذي تبيّن أو أُنجز.", "Thanks are no answer. Say what was found or done."
)
_SHORT_COURTESY = 9  # words


def empties(text: str, _context: Context) -> Iterator[Finding]:
    """Each sentence that says nothing; thanks only where there is nothing else."""
    told = sentences(text)
    for sentence in told:
        if hit := find_boilerplate(sentence.text):
            yield found(Code.EMPTY, hit.reason, sentence)
    if told and all(map(_courtesy, told)):
        yield found(Code.EMPTY, _ONLY_THANKS, told[0])


def _courtesy(sentence: Sentence) -> bool:
    places = find_concepts(sentence.text)
    return "thanks" in places and "deed" not in places and len(split_words(sentence.text)) <= _SHORT_COURTESY


_MISSING: Mapping[Code, BilingualText] = {
    Code.DECISION: BilingualText(
        "لا يقول الرد ما الذي تبيّن أو أُنجز أو تقرّر.", "It does not say what was found, done or decided."
    ),
    Code.UNIT: BilingualText(
        "لا يذكر الرد أي قسم عمل على الطلب.", "It does not name the unit that worked on it."
    ),
    Code.WHEN: BilingualText(
        "لا يذكر الرد متى: اكتب اليوم أو التاريخ.", "It does not say when: write the day or the date."
    ),
    Code.OBJECT: BilingualText("لا يذكر الرد أين يعترض من لم يقتنع.", "It does not say where to object."),
}
_NO_DECISION: Mapping[Disposition, BilingualText] = {
    Disposition.INSUFFICIENT: BilingualText("لا يقول الرد ما الذي ينقص.", "It does not say what is missing."),
    Disposition.BEFORE_COURT: BilingualText(
        "لا يذكر الرد المحكمة أو القضية.", "It does not name the court or the lawsuit."
    ),
    Disposition.OUT_OF_SCOPE: BilingualText(
        "لا يقول الرد إلى من يتوجه صاحب الطلب.", "It does not say whom to turn to."
    ),
}
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
    matter = [sentence for sentence in told if not _tells_of_objecting(sentence)]
    for code in needed(context.kind, context.disposition):
        if code in context.given:
            continue
        match code:
            case Code.DECISION:
                there = _decides(matter, context)
            case Code.UNIT:
                there = _speaks(matter, "unit") or _names_one(text, context.units)
            case Code.WHEN:
                there = _speaks(matter, "when")
            case _:
                there = _speaks(told, "object")
        if not there:
            said = _MISSING[code]
            if code is Code.DECISION and context.disposition:
                said = _NO_DECISION.get(context.disposition, said)
            yield found(code, said)


def _speaks(told: Sequence[Sentence], concept: str) -> bool:
    return any(concept in find_concepts(sentence.text) for sentence in told)


@lru_cache(maxsize=1_000)
def _folded(name: str) -> str:
    return fold_text(name)


def _names_one(text: str, names: Sequence[str]) -> bool:
    folded = fold_text(text)
    return any(_folded(name) in folded for name in names if name)


# Words that count, beside thanks and what says nothing: so many tell something, whatever the verb.
_TELLS_BY_LENGTH = 10
_ANSWERS_BY_LENGTH = 3  # a question
_STOPS = frozenset(read_concepts("stopwords")["stops"].split(", "))
_WE_DID = re.compile(r"\w{3,}نا(?:ه|ها|هم|هما|ك|كم|لك|لكم)?")


def _decides(told: Sequence[Sentence], context: Context) -> bool:
    """Whether anything is found, done or decided in what is left without thanks and what says nothing."""
    left = [one for one in told if not find_boilerplate(one.text) and not _courtesy(one)]
    wanted = _SAID_BY.get(context.disposition, "deed") if context.disposition else "deed"
    if _speaks(left, wanted):
        return True
    content = [word for one in left for word in split_words(one.text) if word not in _STOPS]
    if wanted == "deed" and any(
        _WE_DID.fullmatch(word) and "not-deed" not in find_concepts(word) for word in content
    ):
        return True
    enough = _ANSWERS_BY_LENGTH if context.disposition is Disposition.ANSWERED else _TELLS_BY_LENGTH
    return len(content) >= enough


def _tells_of_objecting(sentence: Sentence) -> bool:
    """What each reply may say alike: its days and its other officer are not those of the matter."""
    places = find_concepts(sentence.text)
    return "object" in places and "deed" not in places


_FILL_IN = BilingualText("فراغ من القالب لم يُملأ.", "A blank of the template that was not filled in.")


def blanks(text: str, _context: Context) -> Iterator[Finding]:
    """Blanks of a template that are still there."""
    for match in BLANK_PATTERN.finditer(text):
        yield found(Code.BLANK, _FILL_IN, Sentence(match.group(), *match.span()))
