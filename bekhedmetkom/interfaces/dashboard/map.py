"""The twelve governorates as tiles where they lie, each with its figure."""

from itertools import pairwise
from typing import NamedTuple

from bekhedmetkom.entities.queries import get_governorates
from bekhedmetkom.insight.queries.shape import Board, PlaceRow
from bekhedmetkom.insight.rules.totals import Reading
from bekhedmetkom.kernel.text import BilingualText

from . import findings, tables
from .asked import Asked
from .panel import TARGET, Panel
from .saying import percent

STEPS = (-0.20, -0.15, -0.07, -0.02)  # from the target: where the colour of a governorate changes

NOTHING = Reading(None, 0)


class Tile(NamedTuple):
    """A governorate on the map; `step` is its colour, empty where too little says it."""

    area: str
    step: str
    name: str
    figure: str
    code: str
    n: int


def places_on_map(board: Board, asked: Asked) -> Panel:
    language = asked.visit.language
    names = {key: place.words for key, place in get_governorates().items()}
    found = {row.governorate: row for row in board.places}
    rows = [found.get(key) or PlaceRow(key, 0, 0, NOTHING, NOTHING, 0, 0) for key in names]
    return Panel(
        "places", findings.of_places(rows, names, TARGET).in_(language),
        BilingualText("في الموعد، حسب المحافظة", "on time, by governorate").in_(language), tables.places_of(board),
        "on_time", lines=[_tile(row, language) for row in rows],
    )  # fmt: skip


def _tile(row: PlaceRow, language: str) -> Tile:
    place, value = get_governorates()[row.governorate], row.on_time.value
    code = place.code.rpartition("-")[2].lower()
    step = "" if value is None else f"q{step_of(value)}"
    return Tile(
        code,
        step,
        place.name_in(language),
        "" if value is None else percent(value, 0),
        place.code,
        row.on_time.n,
    )


def step_of(value: float) -> int:
    """1 is furthest below the target, 5 close to it or above."""
    return 1 + sum(value >= TARGET + step - 1e-9 for step in STEPS)


class Step(NamedTuple):
    """A colour of the map and the hundredths that it stands for; `high` is None where it is all above."""

    colour: str
    low: int
    high: int | None


def legend() -> list[Step]:
    cuts = [round(100 * (TARGET + step)) for step in STEPS]
    between = [Step(f"q{n}", low, high - 1) for n, (low, high) in enumerate(pairwise(cuts), 2)]
    return [Step("q1", 0, cuts[0]), *between, Step("q5", cuts[-1], None)]
