"""Does a reply say anything, and all that one of its kind and outcome says?"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bekhedmetkom.catalogue.rules import BLANK_PATTERN, Disposition, Kind
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.boilerplate import find_boilerplate, find_concepts
from bekhedmetkom.language.normalisation import fold_text, split_words
from bekhedmetkom.language.word_lists import read_concepts

from .findings import Finding, FindingCode, ReplyContext, Sentence, build_finding, split_sentences

_ONLY_THANKS = BilingualText(
    "شكر بلا جواب. قل ما الذي تبيّن أو أُنجز.", "Thanks are no answer. Say what was found or done."
)
_MAX_COURTESY_WORDS = 9  # words


def detect_empty_sentences(text: str, _context: ReplyContext) -> Iterator[Finding]:
    """Each sentence that says nothing; thanks only where there is nothing else."""
    told = split_sentences(text)
    for sentence in told:
        if hit := find_boilerplate(sentence.text):
            yield build_finding(FindingCode.EMPTY, hit.reason, sentence)
    if told and all(map(_is_courtesy, told)):
        yield build_finding(FindingCode.EMPTY, _ONLY_THANKS, told[0])


def _is_courtesy(sentence: Sentence) -> bool:
    places = find_concepts(sentence.text)
    return (
        "thanks" in places and "deed" not in places and len(split_words(sentence.text)) <= _MAX_COURTESY_WORDS
    )


_MISSING_PARTS: Mapping[FindingCode, BilingualText] = {
    FindingCode.DECISION: BilingualText(
        "لا يقول الرد ما الذي تبيّن أو أُنجز أو تقرّر.", "It does not say what was found, done or decided."
    ),
    FindingCode.UNIT: BilingualText(
        "لا يذكر الرد أي قسم عمل على الطلب.", "It does not name the unit that worked on it."
    ),
    FindingCode.WHEN: BilingualText(
        "لا يذكر الرد متى: اكتب اليوم أو التاريخ.", "It does not say when: write the day or the date."
    ),
    FindingCode.OBJECT: BilingualText(
        "لا يذكر الرد أين يعترض من لم يقتنع.", "It does not say where to object."
    ),
}
_MISSING_DECISIONS: Mapping[Disposition, BilingualText] = {
    Disposition.INSUFFICIENT: BilingualText("لا يقول الرد ما الذي ينقص.", "It does not say what is missing."),
    Disposition.BEFORE_COURT: BilingualText(
        "لا يذكر الرد المحكمة أو القضية.", "It does not name the court or the lawsuit."
    ),
    Disposition.OUT_OF_SCOPE: BilingualText(
        "لا يقول الرد إلى من يتوجه صاحب الطلب.", "It does not say whom to turn to."
    ),
}
_REQUIRED_CONCEPTS: Mapping[Disposition, str] = {
    Disposition.INSUFFICIENT: "need", Disposition.BEFORE_COURT: "court", Disposition.OUT_OF_SCOPE: "elsewhere",
}  # fmt: skip


def list_required_parts(kind: Kind, disposition: Disposition | None) -> tuple[FindingCode, ...]:
    """The parts that such a reply has."""
    match disposition:
        case Disposition.ABUSE | Disposition.WITHDRAWN:
            return ()
        case Disposition.UPHELD if kind is Kind.VIOLATION:  # who reported it has nothing to object to
            return (FindingCode.DECISION, FindingCode.UNIT, FindingCode.WHEN)
        case Disposition.UPHELD | Disposition.PARTLY_UPHELD | Disposition.NOT_UPHELD:
            return (FindingCode.DECISION, FindingCode.UNIT, FindingCode.WHEN, FindingCode.OBJECT)
        case Disposition.ADOPTED:
            return (FindingCode.DECISION, FindingCode.UNIT, FindingCode.WHEN)
        case Disposition.NOT_ADOPTED:
            return (FindingCode.DECISION, FindingCode.UNIT)
        case Disposition.ANSWERED if kind is Kind.QUESTION:
            return (FindingCode.DECISION, FindingCode.UNIT)
        case _:
            return (FindingCode.DECISION,)


def detect_missing_parts(text: str, context: ReplyContext) -> Iterator[Finding]:
    """What a reply of this kind and outcome has, and this one has not."""
    told = split_sentences(text)
    matter = [sentence for sentence in told if not _is_about_appeal(sentence)]
    for code in list_required_parts(context.kind, context.disposition):
        if code in context.given:
            continue
        match code:
            case FindingCode.DECISION:
                there = _has_decision(matter, context)
            case FindingCode.UNIT:
                there = _has_concept(matter, "unit") or _contains_name(text, context.units)
            case FindingCode.WHEN:
                there = _has_concept(matter, "when")
            case _:
                there = _has_concept(told, "object")
        if not there:
            said = _MISSING_PARTS[code]
            if code is FindingCode.DECISION and context.disposition:
                said = _MISSING_DECISIONS.get(context.disposition, said)
            yield build_finding(code, said)


def _has_concept(told: Sequence[Sentence], concept: str) -> bool:
    return any(concept in find_concepts(sentence.text) for sentence in told)


@lru_cache(maxsize=1_000)
def _fold_name(name: str) -> str:
    return fold_text(name)


def _contains_name(text: str, names: Sequence[str]) -> bool:
    folded = fold_text(text)
    return any(_fold_name(name) in folded for name in names if name)


# Words that count, beside thanks and what says nothing: so many tell something, whatever the verb.
_MIN_CONTENT_WORDS = 10
_MIN_ANSWER_WORDS = 3  # a question
_STOP_WORDS = frozenset(read_concepts("stopwords")["stops"].split(", "))
_FIRST_PERSON_VERB = re.compile(r"\w{3,}نا(?:ه|ها|هم|هما|ك|كم|لك|لكم)?")


def _has_decision(told: Sequence[Sentence], context: ReplyContext) -> bool:
    """Whether anything is found, done or decided in what is left without thanks and what says nothing."""
    left = [one for one in told if not find_boilerplate(one.text) and not _is_courtesy(one)]
    wanted = _REQUIRED_CONCEPTS.get(context.disposition, "deed") if context.disposition else "deed"
    if _has_concept(left, wanted):
        return True
    content = [word for one in left for word in split_words(one.text) if word not in _STOP_WORDS]
    if wanted == "deed" and any(
        _FIRST_PERSON_VERB.fullmatch(word) and "not-deed" not in find_concepts(word) for word in content
    ):
        return True
    enough = _MIN_ANSWER_WORDS if context.disposition is Disposition.ANSWERED else _MIN_CONTENT_WORDS
    return len(content) >= enough


def _is_about_appeal(sentence: Sentence) -> bool:
    """What each reply may say alike: its days and its other officer are not those of the matter."""
    places = find_concepts(sentence.text)
    return "object" in places and "deed" not in places


_BLANK_LEFT = BilingualText("فراغ من القالب لم يُملأ.", "A blank of the template that was not filled in.")


def detect_blanks(text: str, _context: ReplyContext) -> Iterator[Finding]:
    """Blanks of a template that are still there."""
    for match in BLANK_PATTERN.finditer(text):
        yield build_finding(FindingCode.BLANK, _BLANK_LEFT, Sentence(match.group(), *match.span()))
