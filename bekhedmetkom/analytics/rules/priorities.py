"""Where it is most worth planning: body by topic by governorate, ranked by an open formula with weights to choose.

Each part lies between 0 and 1. Shares are drawn towards that of all cells together, as if 20 cases more had been like
the rest, so that two cases make no crisis.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log

from bekhedmetkom.kernel.text import BilingualText

PRIORITY_DAYS = 90  # that are weighed
MIN_CASES = 10  # cases in them: below that nothing is ranked
PRIOR_CASES = 20
FULL_AGE_DAYS = 60.0  # days: open cases of this age on average count in full
MAX_WEIGHT = 100  # of a weight


class PriorityPart(StrEnum):
    VOLUME = "volume"
    HARM = "harm"
    RECURRENCE = "recurrence"
    AGE = "age"
    REACH = "reach"


PART_NAMES: Mapping[PriorityPart, BilingualText] = {
    PriorityPart.VOLUME: BilingualText("الحجم", "Volume"),
    PriorityPart.HARM: BilingualText("الضرر", "Harm"),
    PriorityPart.RECURRENCE: BilingualText("التكرار", "Recurrence"),
    PriorityPart.AGE: BilingualText("العمر", "Age"),
    PriorityPart.REACH: BilingualText("الانتشار", "Reach"),
}
PART_FORMULAS: Mapping[PriorityPart, BilingualText] = {
    PriorityPart.VOLUME: BilingualText(
        "لوغاريتم (1 + الوارد) ÷ لوغاريتم (1 + أكبر وارد)", "log (1 + received) ÷ log (1 + the most received)"
    ),
    PriorityPart.HARM: BilingualText(
        "(العاجل + «لم تُحل» + اعتراضات ثبتت) ÷ الوارد", "(urgent + “not solved” + appeals upheld) ÷ received"
    ),
    PriorityPart.RECURRENCE: BilingualText(
        "(عاد في المكان نفسه بعد الرد عليه + اعتُرض عليه) ÷ الوارد",
        "(came again at the same place after an answer + appealed) ÷ received",
    ),
    PriorityPart.AGE: BilingualText(
        f"متوسط عمر المفتوح بالأيام ÷ {FULL_AGE_DAYS:.0f}، حتى 1",
        f"mean age of what is open, in days ÷ {FULL_AGE_DAYS:.0f}, up to 1",
    ),
    PriorityPart.REACH: BilingualText(
        "نصفه: محافظات فيها الموضوع ÷ 12، ونصفه: لوغاريتم من كتبوا ÷ لوغاريتم أكثرهم",
        "half: governorates with the topic ÷ 12; half: log of people who wrote ÷ log of the most",
    ),
}
DEFAULT_WEIGHTS: Mapping[PriorityPart, int] = {
    PriorityPart.VOLUME: 25,
    PriorityPart.HARM: 30,
    PriorityPart.RECURRENCE: 20,
    PriorityPart.AGE: 15,
    PriorityPart.REACH: 10,
}


@dataclass(frozen=True, slots=True)
class PriorityCounts:
    """What the last 90 days say of a body's topic in a governorate. `age`: the days of all that is open, together;
    `again`: came within 500 metres of one of the same topic that had been answered; `people`: who wrote, each once."""

    entity: int
    service: int
    governorate: int
    received: int
    urgent: int
    unsolved: int
    upheld: int
    appealed: int
    recurring: int
    waiting: int
    total_age_days: int
    people: int


@dataclass(frozen=True, slots=True)
class Priority:
    """A cell with its parts and its score, 0 to 100. `places`: governorates that have the topic."""

    counts: PriorityCounts
    parts: Mapping[PriorityPart, float]
    score: float
    governorate_count: int


def rank_cells(
    cells: Sequence[PriorityCounts],
    weights: Mapping[PriorityPart, int],
    among: Sequence[PriorityCounts] | None = None,
) -> list[Priority]:
    """The cells by their score, the highest first. `among`: all cells, by which they are measured."""
    every = among if among is not None else cells
    received, people = (max((get(cell) for cell in every), default=0) for get in (_get_received, _get_people))
    of_all = sum(cell.received for cell in every) or 1
    harm, recurrence = (sum(get(cell) for cell in every) / of_all for get in (_count_harm, _count_recurrence))
    age = sum(cell.total_age_days for cell in every) / (sum(cell.waiting for cell in every) or 1)
    places = _count_governorates(every)
    total = sum(weights.values()) or 1
    gaps = []
    for cell in cells:
        if cell.received < MIN_CASES:
            continue
        wide = places[cell.entity, cell.service]
        parts = {
            PriorityPart.VOLUME: _compute_log_share(cell.received, received),
            PriorityPart.HARM: _shrink_share(_count_harm(cell), cell.received, harm),
            PriorityPart.RECURRENCE: _shrink_share(_count_recurrence(cell), cell.received, recurrence),
            PriorityPart.AGE: min(
                (cell.total_age_days + PRIOR_CASES * age) / (cell.waiting + PRIOR_CASES) / FULL_AGE_DAYS, 1.0
            ),
            PriorityPart.REACH: (wide / 12 + _compute_log_share(cell.people, people)) / 2,
        }
        score = 100 * sum(weights[part] * value for part, value in parts.items()) / total
        gaps.append(Priority(cell, parts, score, wide))
    return sorted(
        gaps, key=lambda gap: (-gap.score, gap.counts.entity, gap.counts.service, gap.counts.governorate)
    )


def _get_received(cell: PriorityCounts) -> int:
    return cell.received


def _get_people(cell: PriorityCounts) -> int:
    return cell.people


def _count_harm(cell: PriorityCounts) -> int:
    return cell.urgent + cell.unsolved + cell.upheld


def _count_recurrence(cell: PriorityCounts) -> int:
    return cell.recurring + cell.appealed


def _shrink_share(part: int, whole: int, of_all: float) -> float:
    return min((part + PRIOR_CASES * of_all) / (whole + PRIOR_CASES), 1.0)


def _compute_log_share(number: int, most: int) -> float:
    return log(1 + number) / log(1 + most) if most else 0.0


def _count_governorates(cells: Sequence[PriorityCounts]) -> Mapping[tuple[int, int], int]:
    found: dict[tuple[int, int], set[int]] = {}
    for cell in cells:
        if cell.received:
            found.setdefault((cell.entity, cell.service), set()).add(cell.governorate)
    return {topic: len(those) for topic, those in found.items()}
