"""Which cases stand behind a figure: those of which something was counted in it, part by part."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bekhedmetkom.kernel.text import BilingualText

TIMED = "timed"  # an answer of which it is known how much of its term it took (`Spread.TERM`); no measure of its own

# What is kept of each case is one row for each event and group. A group is what is asked for together, of about the
# same frequency, so that whoever looks for one of its measures does not read far past others.
GROUPS: tuple[tuple[str, ...], ...] = (
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


class Kept(NamedTuple):
    """Where a measure stands: its group, and its bit there."""

    group: int
    bit: int


PLACE: Mapping[str, Kept] = {
    measure: Kept(group, 1 << place)
    for group, measures in enumerate(GROUPS)
    for place, measure in enumerate(measures)
}


class Part(NamedTuple):
    """What is counted in a figure, or in its complement; a case that is counted twice stands there twice."""

    name: str
    words: BilingualText
    measures: Sequence[str]


_KEPT, _MISSED = BilingualText("في الموعد", "On time"), BilingualText("فات الموعد", "Past the date")
_YES, _NO = BilingualText("حُلّت", "Solved"), BilingualText("لم تُحل", "Not solved")
_CASES = BilingualText("الطلبات", "Cases")


def _alone(*measures: str) -> tuple[Part, ...]:
    return (Part("all", _CASES, measures),)


# By the figure's key. What is open or late now is no event: the desk's own lists have it.
BEHIND: Mapping[str, tuple[Part, ...]] = {
    "received": _alone("received"),
    "answered": _alone("answered"),
    "resolved": _alone("yes"),
    "appealed": _alone("appealed"),
    "on_time": (Part("missed", _MISSED, ("missed",)), Part("kept", _KEPT, ("kept",))),
    "appeals_on_time": (
        Part("missed", _MISSED, ("appeal_missed",)),
        Part("kept", _KEPT, ("appeal_kept",)),
    ),
    "solved": (Part("no", _NO, ("no",)), Part("yes", _YES, ("yes",))),
    "response": (
        Part("said", BilingualText("أجاب صاحبه", "Said something"), ("yes", "no")),
        Part("answered", BilingualText("كل الردود", "All answers"), ("answered",)),
    ),
    "stars": _alone("stars_n"),
    "first_p50": _alone("first_answers"),
    "first_p90": _alone("first_answers"),
    "solved_p50": _alone("yes"),
    "solved_p90": _alone("yes"),
    "term_used": _alone(TIMED),
    "upheld": (
        Part("upheld", BilingualText("قُبل كله أو بعضه", "Upheld, wholly or partly"), ("upheld", "partly")),
        Part("rejected", BilingualText("لم يُقبل", "Rejected"), ("rejected",)),
    ),
    "first_right": (
        Part("right", BilingualText("بلا إحالة", "Without referral"), ("first_right",)),
        Part("first", BilingualText("كل أول رد", "All first answers"), ("first_answers",)),
    ),
    "referred": _alone("referred"),
    "wrote": _alone("wrote"),
    "raised_minister": _alone("raised_minister"),
    "adopted": _alone("adopted"),
    "fulfilled": (
        Part("fulfilled", BilingualText("أُنجز", "Fulfilled"), ("fulfilled",)),
        Part("committed", BilingualText("وُعد به", "Promised"), ("committed",)),
    ),
}  # fmt: skip


def part_of(key: str, name: str) -> Part | None:
    """A figure's part by its name, its first without one; None for what has no cases behind it."""
    parts = BEHIND.get(key, ())
    return next((part for part in parts if part.name == name), parts[0] if parts and not name else None)
