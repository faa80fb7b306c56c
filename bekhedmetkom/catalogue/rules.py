"""Kinds of cases, handling of topics, dispositions, and terms of deadline policies."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from bekhedmetkom.kernel.text import BilingualText


class Kind(StrEnum):
    QUESTION = "question"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    COMPLAINT = "complaint"
    VIOLATION = "violation"


KIND_LABELS: Mapping[Kind, BilingualText] = {
    Kind.QUESTION: BilingualText("سؤال", "Question"),
    Kind.SUGGESTION: BilingualText("اقتراح", "Suggestion"),
    Kind.PRAISE: BilingualText("ثناء", "Praise"),
    Kind.COMPLAINT: BilingualText("شكوى", "Complaint"),
    Kind.VIOLATION: BilingualText("إبلاغ عن مخالفة", "Violation report"),
}


class Complexity(StrEnum):
    SIMPLE = "simple"
    COMPLEX = "complex"
    FIELD = "field"


COMPLEXITY_LABELS: Mapping[Complexity, BilingualText] = {
    Complexity.SIMPLE: BilingualText("بسيط", "Simple"),
    Complexity.COMPLEX: BilingualText("معقد", "Complex"),
    Complexity.FIELD: BilingualText("يحتاج كشفًا ميدانيًا", "Needs a visit to the place"),
}


class Handling(StrEnum):
    """Confidentiality of a topic's cases. All but OPEN are need-to-know; SEALED cases are not accepted here."""

    OPEN = "open"
    SEALED = "sealed_iacc"
    HUMAN_RIGHTS = "human_rights"
    PROTECTED = "protected_person"
    INSPECTION = "inspection"


HANDLING_LABELS: Mapping[Handling, BilingualText] = {
    Handling.OPEN: BilingualText("عادي", "Ordinary"),
    Handling.SEALED: BilingualText("بلاغ سري فقط", "Confidential channel only"),
    Handling.HUMAN_RIGHTS: BilingualText("حقوق إنسان", "Human rights"),
    Handling.PROTECTED: BilingualText("شخص محمي", "Protected person"),
    Handling.INSPECTION: BilingualText("تفتيش", "Inspection"),
}


def get_policy_code(kind: Kind, *, complexity: Complexity, handling: Handling, urgent: bool) -> str:
    """Return the code of the policy: urgency has precedence over confidentiality, and that over the kind."""
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


DISPOSITION_LABELS: Mapping[Disposition, BilingualText] = {
    Disposition.UPHELD: BilingualText("ثبتت صحتها", "Upheld"),
    Disposition.PARTLY_UPHELD: BilingualText("ثبت بعضها", "Partly upheld"),
    Disposition.NOT_UPHELD: BilingualText("لم تثبت", "Not upheld"),
    Disposition.ANSWERED: BilingualText("أُجيب عنه", "Answered"),
    Disposition.ADOPTED: BilingualText("اعتُمد الاقتراح", "Adopted"),
    Disposition.NOT_ADOPTED: BilingualText("لم يُعتمد الاقتراح", "Not adopted"),
    Disposition.INSUFFICIENT: BilingualText("المعلومات لا تكفي", "Insufficient information"),
    Disposition.BEFORE_COURT: BilingualText("منظور أمام القضاء", "Before a court"),
    Disposition.OUT_OF_SCOPE: BilingualText("خارج الاختصاص", "Out of scope"),
    Disposition.ABUSE: BilingualText("إزعاج أو إساءة", "Spam or abuse"),
    Disposition.WITHDRAWN: BilingualText("سحبه صاحبه", "Withdrawn"),
}

# Outcomes that an officer may choose for each kind; only citizens withdraw a case.
_COMMON_DISPOSITIONS = (
    Disposition.INSUFFICIENT,
    Disposition.BEFORE_COURT,
    Disposition.OUT_OF_SCOPE,
    Disposition.ABUSE,
)
_FINDINGS = (Disposition.UPHELD, Disposition.PARTLY_UPHELD, Disposition.NOT_UPHELD)
DISPOSITIONS_BY_KIND: Mapping[Kind, tuple[Disposition, ...]] = {
    Kind.QUESTION: (Disposition.ANSWERED, *_COMMON_DISPOSITIONS),
    Kind.SUGGESTION: (Disposition.ADOPTED, Disposition.NOT_ADOPTED, *_COMMON_DISPOSITIONS),
    Kind.PRAISE: (Disposition.ANSWERED, *_COMMON_DISPOSITIONS),
    Kind.COMPLAINT: (*_FINDINGS, *_COMMON_DISPOSITIONS),
    Kind.VIOLATION: (*_FINDINGS, *_COMMON_DISPOSITIONS),
}


BLANK_PATTERN = re.compile(
    r"\{[^{}\n]{1,60}\}"
)  # what an officer fills in, in a text that replies begin with


class EscalationLevel(StrEnum):
    """Levels to which a late case is escalated."""

    MANAGER = "manager"
    DUTY_OFFICER = "duty_officer"
    COORDINATOR = "coordinator"
    HEAD_OF_BODY = "head_of_body"
    MINISTER = "minister"
    PM_UNIT = "pm_unit"


LEVEL_LABELS: Mapping[EscalationLevel, BilingualText] = {
    EscalationLevel.MANAGER: BilingualText("المدير المباشر", "the manager"),
    EscalationLevel.DUTY_OFFICER: BilingualText("الضابط المناوب", "the duty officer"),
    EscalationLevel.COORDINATOR: BilingualText("منسق حقوق الإنسان", "the human rights coordinator"),
    EscalationLevel.HEAD_OF_BODY: BilingualText("المسؤول الأعلى في الجهة", "the head of the body"),
    EscalationLevel.MINISTER: BilingualText("الوزير", "the minister"),
    EscalationLevel.PM_UNIT: BilingualText(
        "وحدة المتابعة في رئاسة الوزراء", "the Prime Ministry's follow-up unit"
    ),
}


@dataclass(frozen=True, slots=True)
class Duration:
    """A duration in working days, or in clock hours for urgent matters."""

    working_days: int = 0
    clock_hours: int = 0


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """An escalation to `level`, `after` the receipt if `from_receipt`, else after the due date."""

    level: EscalationLevel
    after: Duration
    from_receipt: bool = False


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """The deadline rules of a policy version; a case keeps those of its receipt."""

    due: Duration
    classify: Duration
    extension_days: int
    extensions: int
    remind: tuple[int, ...]  # per cent of the working time until the due date
    no_action: EscalationStep | None  # after receipt or the last act that the citizen sees
    ladder: tuple[EscalationStep, ...]
    appeal_window_days: int  # calendar days after the answer; 0: no appeal
    appeal_due_days: int  # working days for the reviewer
    rating_window_days: int  # calendar days of silence after which an answered case closes; 0: closes at once

    def as_json(self) -> dict[str, Any]:
        """Return integers, strings, lists and objects only, as canonical JSON needs."""
        return {
            "due": _serialise_duration(self.due),
            "classify": _serialise_duration(self.classify),
            "extension_days": self.extension_days,
            "extensions": self.extensions,
            "remind": list(self.remind),
            "no_action": _serialise_step(self.no_action) if self.no_action else None,
            "ladder": [_serialise_step(step) for step in self.ladder],
            "appeal_window_days": self.appeal_window_days,
            "appeal_due_days": self.appeal_due_days,
            "rating_window_days": self.rating_window_days,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            due=Duration(**data["due"]),
            classify=Duration(**data["classify"]),
            extension_days=data["extension_days"],
            extensions=data["extensions"],
            remind=tuple(data["remind"]),
            no_action=_parse_step(data["no_action"]) if data["no_action"] else None,
            ladder=tuple(_parse_step(step) for step in data["ladder"]),
            appeal_window_days=data["appeal_window_days"],
            appeal_due_days=data["appeal_due_days"],
            rating_window_days=data["rating_window_days"],
        )


def _serialise_duration(span: Duration) -> dict[str, int]:
    return {"working_days": span.working_days, "clock_hours": span.clock_hours}


def _serialise_step(step: EscalationStep) -> dict[str, Any]:
    return {
        "level": str(step.level),
        "after": _serialise_duration(step.after),
        "from_receipt": step.from_receipt,
    }


def _parse_step(data: Mapping[str, Any]) -> EscalationStep:
    return EscalationStep(EscalationLevel(data["level"]), Duration(**data["after"]), data["from_receipt"])
