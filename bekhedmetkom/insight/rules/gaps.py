"""Where it is most worth planning: body by topic by governorate, ranked by an open formula with weights to choose.

Each part lies between 0 and 1. Shares are drawn towards that of all cells together, as if 20 cases more had been like
the rest, so that two cases make no crisis.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log

from bekhedmetkom.kernel.text import BilingualText

DAYS = 90  # that are weighed
LEAST = 10  # cases in them: below that nothing is ranked
AS_THE_REST = 20
OLD = 60.0  # days: open cases of this age on average count in full
MOST = 100  # of a weight


class Part(StrEnum):
    VOLUME = "volume"
    HARM = "harm"
    RECURRENCE = "recurrence"
    AGE = "age"
    REACH = "reach"


NAMES: Mapping[Part, BilingualText] = {
    Part.VOLUME: BilingualText("الحجم", "Volume"),
    Part.HARM: BilingualText("الضرر", "Harm"),
    Part.RECURRENCE: BilingualText("التكرار", "Recurrence"),
    Part.AGE: BilingualText("العمر", "Age"),
    Part.REACH: BilingualText("الانتشار", "Reach"),
}
FORMULAS: Mapping[Part, BilingualText] = {
    Part.VOLUME: BilingualText(
        "لوغاريتم (1 + الوارد) ÷ لوغاريتم (1 + أكبر وارد)", "log (1 + received) ÷ log (1 + the most received)"
    ),
    Part.HARM: BilingualText(
        "(العاجل + «لم تُحل» + اعتراضات ثبتت) ÷ الوارد", "(urgent + “not solved” + appeals upheld) ÷ received"
    ),
    Part.RECURRENCE: BilingualText(
        "(عاد في المكان نفسه بعد الرد عليه + اعتُرض عليه) ÷ الوارد",
        "(came again at the same place after an answer + appealed) ÷ received",
    ),
    Part.AGE: BilingualText(
        f"متوسط عمر المفتوح بالأيام ÷ {OLD:.0f}، حتى 1",
        f"mean age of what is open, in days ÷ {OLD:.0f}, up to 1",
    ),
    Part.REACH: BilingualText(
        "نصفه: محافظات فيها الموضوع ÷ 12، ونصفه: لوغاريتم من كتبوا ÷ لوغاريتم أكثرهم",
        "half: governorates with the topic ÷ 12; half: log of people who wrote ÷ log of the most",
    ),
}
USUAL: Mapping[Part, int] = {
    Part.VOLUME: 25, Part.HARM: 30, Part.RECURRENCE: 20, Part.AGE: 15, Part.REACH: 10
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """What the last 90 days say of a body's topic in a governorate. `age`: the days of all that is open, together;
    `again`: came within 500 metres of one of the same topic that had been answered; `people`: who wrote, each once."""

    entity: int
    service: int
    governorate: int
    received: int
    urgent: int
    no: int
    upheld: int
    appealed: int
    again: int
    waiting: int
    age: int
    people: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A cell with its parts and its score, 0 to 100. `places`: governorates that have the topic."""

    cell: Cell
    parts: Mapping[Part, float]
    score: float
    places: int


def ranked(
    cells: Sequence[Cell], weights: Mapping[Part, int], among: Sequence[Cell] | None = None
) -> list[Gap]:
    """The cells by their score, the highest first. `among`: all cells, by which they are measured."""
    every = among if among is not None else cells
    received, people = (max((get(cell) for cell in every), default=0) for get in (_received, _people))
    of_all = sum(cell.received for cell in every) or 1
    harm, recurrence = (sum(get(cell) for cell in every) / of_all for get in (_harm, _recurrence))
    age = sum(cell.age for cell in every) / (sum(cell.waiting for cell in every) or 1)
    places = _places(every)
    total = sum(weights.values()) or 1
    gaps = []
    for cell in cells:
        if cell.received < LEAST:
            continue
        wide = places[cell.entity, cell.service]
        parts = {
            Part.VOLUME: _log_share(cell.received, received),
            Part.HARM: _drawn(_harm(cell), cell.received, harm),
            Part.RECURRENCE: _drawn(_recurrence(cell), cell.received, recurrence),
            Part.AGE: min((cell.age + AS_THE_REST * age) / (cell.waiting + AS_THE_REST) / OLD, 1.0),
            Part.REACH: (wide / 12 + _log_share(cell.people, people)) / 2,
        }
        score = 100 * sum(weights[part] * value for part, value in parts.items()) / total
        gaps.append(Gap(cell, parts, score, wide))
    return sorted(gaps, key=lambda gap: (-gap.score, gap.cell.entity, gap.cell.service, gap.cell.governorate))


def _received(cell: Cell) -> int:
    return cell.received


def _people(cell: Cell) -> int:
    return cell.people


def _harm(cell: Cell) -> int:
    return cell.urgent + cell.no + cell.upheld


def _recurrence(cell: Cell) -> int:
    return cell.again + cell.appealed


def _drawn(part: int, whole: int, of_all: float) -> float:
    return min((part + AS_THE_REST * of_all) / (whole + AS_THE_REST), 1.0)


def _log_share(number: int, most: int) -> float:
    return log(1 + number) / log(1 + most) if most else 0.0


def _places(cells: Sequence[Cell]) -> Mapping[tuple[int, int], int]:
    found: dict[tuple[int, int], set[int]] = {}
    for cell in cells:
        if cell.received:
            found.setdefault((cell.entity, cell.service), set()).add(cell.governorate)
    return {topic: len(those) for topic, those in found.items()}
