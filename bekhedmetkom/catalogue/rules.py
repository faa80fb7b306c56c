"""Kinds of case, how their topics are handled, and the terms under which an answer is promised. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from bekhedmetkom.kernel.words import Words


class Kind(StrEnum):
    QUESTION = "question"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    COMPLAINT = "complaint"
    VIOLATION = "violation"


KIND_WORDS: Mapping[Kind, Words] = {
    Kind.QUESTION: Words("سؤال", "Question"),
    Kind.SUGGESTION: Words("اقتراح", "Suggestion"),
    Kind.PRAISE: Words("ثناء", "Praise"),
    Kind.COMPLAINT: Words("شكوى", "Complaint"),
    Kind.VIOLATION: Words("إبلاغ عن مخالفة", "Violation report"),
}


class Complexity(StrEnum):
    SIMPLE = "simple"
    COMPLEX = "complex"
    FIELD = "field"


COMPLEXITY_WORDS: Mapping[Complexity, Words] = {
    Complexity.SIMPLE: Words("بسيط", "Simple"),
    Complexity.COMPLEX: Words("معقد", "Complex"),
    Complexity.FIELD: Words("يحتاج كشفًا ميدانيًا", "Needs a visit to the place"),
}


class Handling(StrEnum):
    """Who may know of a topic's cases. All but OPEN are need-to-know; SEALED never enters this service."""

    OPEN = "open"
    SEALED = "sealed_iacc"
    HUMAN_RIGHTS = "human_rights"
    PROTECTED = "protected_person"
    INSPECTION = "inspection"


HANDLING_WORDS: Mapping[Handling, Words] = {
    Handling.OPEN: Words("عادي", "Ordinary"),
    Handling.SEALED: Words("بلاغ سري فقط", "Confidential channel only"),
    Handling.HUMAN_RIGHTS: Words("حقوق إنسان", "Human rights"),
    Handling.PROTECTED: Words("شخص محمي", "Protected person"),
    Handling.INSPECTION: Words("تفتيش", "Inspection"),
}


def policy_code(kind: Kind, *, complexity: Complexity, handling: Handling, urgent: bool) -> str:
    """Which deadline policy a case is promised under. Danger goes before care, care before the kind."""
    if urgent:
        return "complaint_urgent"
    if handling in (Handling.HUMAN_RIGHTS, Handling.PROTECTED):
        return "human_rights"
    match kind:
        case Kind.COMPLAINT:
            return f"complaint_{complexity}"
        case Kind.VIOLATION:
            return "violation_inspection"
        case _:
            return str(kind)


class Disposition(StrEnum):
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    ANSWERED = "answered"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    INSUFFICIENT = "insufficient_information"
    BEFORE_COURT = "before_court"
    OUT_OF_SCOPE = "out_of_scope"
    ABUSE = "spam_or_abuse"
    WITHDRAWN = "withdrawn"


DISPOSITION_WORDS: Mapping[Disposition, Words] = {
    Disposition.UPHELD: Words("ثبتت صحتها", "Upheld"),
    Disposition.PARTLY_UPHELD: Words("ثبت بعضها", "Partly upheld"),
    Disposition.NOT_UPHELD: Words("لم تثبت", "Not upheld"),
    Disposition.ANSWERED: Words("أُجيب عنه", "Answered"),
    Disposition.ADOPTED: Words("اعتُمد الاقتراح", "Adopted"),
    Disposition.NOT_ADOPTED: Words("لم يُعتمد الاقتراح", "Not adopted"),
    Disposition.INSUFFICIENT: Words("المعلومات لا تكفي", "Insufficient information"),
    Disposition.BEFORE_COURT: Words("منظور أمام القضاء", "Before a court"),
    Disposition.OUT_OF_SCOPE: Words("خارج الاختصاص", "Out of scope"),
    Disposition.ABUSE: Words("إزعاج أو إساءة", "Spam or abuse"),
    Disposition.WITHDRAWN: Words("سحبه صاحبه", "Withdrawn"),
}

# What an officer may choose as the outcome of each kind; WITHDRAWN is the citizen's alone.
_ALWAYS = (Disposition.INSUFFICIENT, Disposition.BEFORE_COURT, Disposition.OUT_OF_SCOPE, Disposition.ABUSE)
_FOUND = (Disposition.UPHELD, Disposition.PARTLY_UPHELD, Disposition.NOT_UPHELD)
DISPOSITIONS: Mapping[Kind, tuple[Disposition, ...]] = {
    Kind.QUESTION: (Disposition.ANSWERED, *_ALWAYS),
    Kind.SUGGESTION: (Disposition.ADOPTED, Disposition.NOT_ADOPTED, *_ALWAYS),
    Kind.PRAISE: (Disposition.ANSWERED, *_ALWAYS),
    Kind.COMPLAINT: (*_FOUND, *_ALWAYS),
    Kind.VIOLATION: (*_FOUND, *_ALWAYS),
}


BLANK = re.compile(r"\{[^{}\n]{1,60}\}")  # what an officer fills in, in a text that replies begin with


class Level(StrEnum):
    """To whom time sends a late case; each has its own list."""

    MANAGER = "manager"
    DUTY_OFFICER = "duty_officer"
    COORDINATOR = "coordinator"
    HEAD_OF_BODY = "head_of_body"
    MINISTER = "minister"
    PM_UNIT = "pm_unit"


LEVEL_WORDS: Mapping[Level, Words] = {
    Level.MANAGER: Words("المدير المباشر", "the manager"),
    Level.DUTY_OFFICER: Words("الضابط المناوب", "the duty officer"),
    Level.COORDINATOR: Words("منسق حقوق الإنسان", "the human rights coordinator"),
    Level.HEAD_OF_BODY: Words("المسؤول الأعلى في الجهة", "the head of the body"),
    Level.MINISTER: Words("الوزير", "the minister"),
    Level.PM_UNIT: Words("وحدة المتابعة في رئاسة الوزراء", "the Prime Ministry's follow-up unit"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: working days, or hours by the clock on the wall (urgent matters run at night too)."""

    working_days: int = 0
    clock_hours: int = 0


@dataclass(frozen=True, slots=True)
class Rung:
    """One step up: `level` is told `after` the receipt if `from_receipt`, otherwise after the due date."""

    level: Level
    after: Span
    from_receipt: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The deadline rules that a case is promised under; it keeps them for life."""

    due: Span
    classify: Span
    extension_days: int
    extensions: int
    remind: tuple[int, ...]  # per cent of the working time between receipt and due date
    no_action: Rung | None  # after receipt or the last act that the citizen sees
    ladder: tuple[Rung, ...]
    appeal_window_days: int  # calendar days after the answer; 0: no appeal
    appeal_due_days: int  # working days for the reviewer
    rating_window_days: int  # calendar days of silence after which an answered case closes; 0: closes at once

    def as_json(self) -> dict[str, Any]:
        """Integers, strings, lists and objects only, so that a policy row can stand in canonical JSON."""
        return {
            "due": _span(self.due),
            "classify": _span(self.classify),
            "extension_days": self.extension_days,
            "extensions": self.extensions,
            "remind": list(self.remind),
            "no_action": _rung(self.no_action) if self.no_action else None,
            "ladder": [_rung(rung) for rung in self.ladder],
            "appeal_window_days": self.appeal_window_days,
            "appeal_due_days": self.appeal_due_days,
            "rating_window_days": self.rating_window_days,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            due=Span(**data["due"]),
            classify=Span(**data["classify"]),
            extension_days=data["extension_days"],
            extensions=data["extensions"],
            remind=tuple(data["remind"]),
            no_action=_read_rung(data["no_action"]) if data["no_action"] else None,
            ladder=tuple(_read_rung(rung) for rung in data["ladder"]),
            appeal_window_days=data["appeal_window_days"],
            appeal_due_days=data["appeal_due_days"],
            rating_window_days=data["rating_window_days"],
        )


def _span(span: Span) -> dict[str, int]:
    return {"working_days": span.working_days, "clock_hours": span.clock_hours}


def _rung(rung: Rung) -> dict[str, Any]:
    return {"level": str(rung.level), "after": _span(rung.after), "from_receipt": rung.from_receipt}


def _read_rung(data: Mapping[str, Any]) -> Rung:
    return Rung(Level(data["level"]), Span(**data["after"]), data["from_receipt"])
