"""What becomes of a problem: found by the platform, then whatever people say of it."""

from collections.abc import Mapping
from enum import StrEnum

from bekhedmetkom.kernel.text import BilingualText


class ProblemStatus(StrEnum):
    FOUND = "found"  # the platform's guess; nobody but those who decide sees it
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    FIXED = "fixed"


STATUS_LABELS: Mapping[ProblemStatus, BilingualText] = {
    ProblemStatus.FOUND: BilingualText("بانتظار قرار", "To be decided"),
    ProblemStatus.CONFIRMED: BilingualText("قيد الإصلاح", "Being fixed"),
    ProblemStatus.DISMISSED: BilingualText("ليست مشكلة واحدة", "Not one problem"),
    ProblemStatus.FIXED: BilingualText("أُصلحت", "Fixed"),
}


class ProblemAction(StrEnum):
    """A step in a problem's own history."""

    FOUND = "found"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    EDITED = "reworded"
    FIX_DATE_MOVED = "moved"  # its fix date
    FIXED = "fixed"


# What everybody reads of it; `None`: nobody but officers. Blanks: `was` and `until`, dates in words.
STEP_TEXTS: Mapping[ProblemAction, tuple[BilingualText | None, BilingualText]] = {
    ProblemAction.FOUND: (
        None,
        BilingualText("وجدتها المنصة من طلبات متشابهة", "Found by the platform in cases that are alike"),
    ),
    ProblemAction.CONFIRMED: (
        BilingualText("أُكّدت المشكلة، والموعد {until}", "Confirmed, to be fixed by {until}"),
        BilingualText("أُكّدت المشكلة، والموعد {until}", "Confirmed, to be fixed by {until}"),
    ),
    ProblemAction.DISMISSED: (None, BilingualText("ليست مشكلة واحدة", "Said not to be one problem")),
    ProblemAction.EDITED: (None, BilingualText("عُدّل ما يُكتب عنها", "What is said of it was changed")),
    ProblemAction.FIX_DATE_MOVED: (
        BilingualText("تغيّر الموعد من {was} إلى {until}", "The date moved from {was} to {until}"),
        BilingualText("تغيّر الموعد من {was} إلى {until}", "The date moved from {was} to {until}"),
    ),
    ProblemAction.FIXED: (BilingualText("أُصلحت المشكلة", "Fixed"), BilingualText("أُصلحت المشكلة", "Fixed")),
}

MIN_PUBLISHED_PEOPLE = 5  # below so many people, no number is said to everybody
DISMISSAL_SILENCE_DAYS = 14  # so long cases like those of a dismissed one raise no new one


def describe_people_count(number: int) -> BilingualText:
    """How many reported it, as everybody reads it."""
    if number < MIN_PUBLISHED_PEOPLE:
        return BilingualText("أبلغ عنها عدة أشخاص", "Several people reported this")
    return BilingualText(f"أبلغ عنها {_format_arabic_people(number)}", f"{number} people reported this")


def _format_arabic_people(number: int) -> str:
    match number % 100:
        case few if 3 <= few <= 10:
            return f"{number} أشخاص"
        case many if many >= 11:
            return f"{number} شخصًا"
        case _:
            return f"{number} شخص"
