"""A reply in parts: what was found, done or decided, by which unit, when, where to object; and their one text. Pure.

Whoever prefers one text writes one: all parts but the first may stay empty.
"""

from datetime import date
from typing import NamedTuple

from bekhedmetkom.catalogue.rules import BLANK_PATTERN, PolicyTerms
from bekhedmetkom.kernel.formatting import DAY, format_count, format_date, format_working_days
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.boilerplate import find_concepts

from .quality.findings import split_sentences

MAX_OBJECTION_LENGTH = 600  # letters of the part that says where to object


class ReplyParts(NamedTuple):
    """What a reply is made of."""

    done: str
    unit: BilingualText | None = None
    on: date | None = None
    objection: str = ""
    joined: tuple[BilingualText, ...] = ()  # the bodies that took part


_PARTICIPANTS = BilingualText("بمشاركة: {bodies}.", "With the participation of: {bodies}.")
_UNIT = BilingualText("القسم المسؤول: {unit}.", "Responsible unit: {unit}.")
_DATE = BilingualText("التاريخ: {day}.", "Date: {day}.")
_APPEAL_NOTICE = BilingualText(
    "إن لم تقتنع بهذا الرد فلك أن تعترض في صفحة طلبك خلال {window} من وصوله، فيراجعه موظف آخر خلال {term}.",
    "If you do not agree, you can appeal on your case's page within {window}; another officer reviews it within"
    " {term}.",
)


def compose_reply(parts: ReplyParts, language: str) -> str:
    """The one text that the citizen reads."""
    who = _UNIT.in_language(language).format(unit=parts.unit.in_language(language)) if parts.unit else ""
    when = (
        _DATE.in_language(language).format(day=format_date(parts.on, language, year=True)) if parts.on else ""
    )
    bodies = ("، " if language == "ar" else ", ").join(one.in_language(language) for one in parts.joined)
    joined = _PARTICIPANTS.in_language(language).format(bodies=bodies) if bodies else ""
    beside = " ".join(filter(None, (who, when, joined)))
    return "\n\n".join(filter(None, (parts.done, beside, parts.objection)))


def describe_appeal(terms: PolicyTerms, language: str) -> str:
    """Where and until when one can object, by the terms that the case was promised under; empty where one cannot."""
    if not terms.appeal_window_days:
        return ""
    return _APPEAL_NOTICE.in_language(language).format(
        window=format_count(terms.appeal_window_days, DAY, language, after=True),
        term=format_working_days(terms.appeal_due_days, language, after=True),
    )


def mentions_appeal(text: str) -> bool:
    """Whether the text says it already, so that it is not said twice."""
    return any("object" in find_concepts(sentence.text) for sentence in split_sentences(text))


def find_blank(text: str) -> str:
    """The name of the first blank of a template that nobody filled in; empty where there is none."""
    match = BLANK_PATTERN.search(text)
    return match.group().strip("{} ") if match else ""
