"""Which cases stand behind a figure: those of which something was counted in it, part by part."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bekhedmetkom.kernel.text import BilingualText

TIMED = "timed"  # an answer of which it is known how much of its term it took (`Histogram.TERM`); no measure of its own

# What is kept of each case is one row for each event and group. A group is what is asked for together, of about the
# same frequency, so that whoever looks for one of its measures does not read far past others.
MEASURE_GROUPS: tuple[tuple[str, ...], ...] = (
    ("received",),
    ("answered", "first_answers", "first_right", "kept", TIMED),
    ("missed",),
    ("yes", "no", "stars_n"),
    ("appealed",),
    ("upheld", "partly", "rejected", "appeal_kept", "appeal_missed"),
    ("referred",),
    ("raised_minister",),
    ("wrote",),
    ("committed", "fulfilled", "adopted"),
)


class MeasurePosition(NamedTuple):
    """Where a measure stands: its group, and its bit there."""

    group: int
    bit: int


MEASURE_POSITIONS: Mapping[str, MeasurePosition] = {
    measure: MeasurePosition(group, 1 << place)
    for group, measures in enumerate(MEASURE_GROUPS)
    for place, measure in enumerate(measures)
}


class IndicatorPart(NamedTuple):
    """What is counted in a figure, or in its complement; a case that is counted twice stands there twice."""

    name: str
    label: BilingualText
    measures: Sequence[str]


_ON_TIME_LABEL, _LATE_LABEL = (
    BilingualText("في الموعد", "On time"),
    BilingualText("فات الموعد", "Past the date"),
)
_SOLVED_LABEL, _NOT_SOLVED_LABEL = BilingualText("حُلّت", "Solved"), BilingualText("لم تُحل", "Not solved")
_CASES_LABEL = BilingualText("الطلبات", "Cases")


def _build_single_part(*measures: str) -> tuple[IndicatorPart, ...]:
    return (IndicatorPart("all", _CASES_LABEL, measures),)


# By the figure's key. What is open or late now is no event: the desk's own lists have it.
INDICATOR_PARTS: Mapping[str, tuple[IndicatorPart, ...]] = {
    "received": _build_single_part("received"),
    "answered": _build_single_part("answered"),
    "resolved": _build_single_part("yes"),
    "appealed": _build_single_part("appealed"),
    "on_time": (IndicatorPart("missed", _LATE_LABEL, ("missed",)), IndicatorPart("kept", _ON_TIME_LABEL, ("kept",))),
    "appeals_on_time": (
        IndicatorPart("missed", _LATE_LABEL, ("appeal_missed",)),
        IndicatorPart("kept", _ON_TIME_LABEL, ("appeal_kept",)),
    ),
    "solved": (IndicatorPart("no", _NOT_SOLVED_LABEL, ("no",)), IndicatorPart("yes", _SOLVED_LABEL, ("yes",))),
    "response": (
        IndicatorPart("said", BilingualText("أجاب صاحبه", "Said something"), ("yes", "no")),
        IndicatorPart("answered", BilingualText("كل الردود", "All answers"), ("answered",)),
    ),
    "stars": _build_single_part("stars_n"),
    "first_p50": _build_single_part("first_answers"),
    "first_p90": _build_single_part("first_answers"),
    "solved_p50": _build_single_part("yes"),
    "solved_p90": _build_single_part("yes"),
    "term_used": _build_single_part(TIMED),
    "upheld": (
        IndicatorPart("upheld", BilingualText("قُبل كله أو بعضه", "Upheld, wholly or partly"), ("upheld", "partly")),
        IndicatorPart("rejected", BilingualText("لم يُقبل", "Rejected"), ("rejected",)),
    ),
    "first_right": (
        IndicatorPart("right", BilingualText("بلا إحالة", "Without referral"), ("first_right",)),
        IndicatorPart("first", BilingualText("كل أول رد", "All first answers"), ("first_answers",)),
    ),
    "referred": _build_single_part("referred"),
    "wrote": _build_single_part("wrote"),
    "raised_minister": _build_single_part("raised_minister"),
    "adopted": _build_single_part("adopted"),
    "fulfilled": (
        IndicatorPart("fulfilled", BilingualText("أُنجز", "Fulfilled"), ("fulfilled",)),
        IndicatorPart("committed", BilingualText("وُعد به", "Promised"), ("committed",)),
    ),
}  # fmt: skip


def find_part(key: str, name: str) -> IndicatorPart | None:
    """A figure's part by its name, its first without one; None for what has no cases behind it."""
    parts = INDICATOR_PARTS.get(key, ())
    return next((part for part in parts if part.name == name), parts[0] if parts and not name else None)
