"""What suggestions, the gate and the danger list are worth at least; docs/language.md has the figures themselves."""

from collections.abc import Callable, Sequence

import pytest

from bekhedmetkom.language.corruption import detect_corruption
from bekhedmetkom.language.danger import detect_danger
from bekhedmetkom.language.destination_ranking import DestinationIndex
from bench.language import compute_rates, measure_destination
from tools.labelled_data import DATA_FOLDER, Row, load_entries, load_message_sets


@pytest.fixture(scope="module")
def sets() -> dict[str, list[Row]]:
    return load_message_sets(DATA_FOLDER / "messages")


@pytest.fixture(scope="module")
def index() -> DestinationIndex:
    return DestinationIndex.build(load_entries())


@pytest.mark.parametrize("name", ["dev", "fresh_even"])
def test_ranking_without_encoder_reaches_minimum_top_three(
    index: DestinationIndex, sets: dict[str, list[Row]], name: str
) -> None:
    found = measure_destination(index, sets[name])
    assert found["all"]["top3"] >= 0.75
    assert found["arabizi"]["top3"] >= 0.7


@pytest.mark.parametrize(
    ("name", "find", "recall", "alarms"),
    [
        ("corruption", detect_corruption, 0.75, 0.06),
        ("danger", detect_danger, 0.8, 0.09),
    ],
)
def test_detectors_reach_minimum_recall_and_precision(
    sets: dict[str, list[Row]], name: str, find: Callable[[str], object], recall: float, alarms: float
) -> None:
    kept_back = rated(sets["fresh_even"], name, find)
    assert kept_back["recall"] >= recall
    assert kept_back["false_alarms"] <= alarms
    assert rated(sets["dev"], name, find)["recall"] >= 0.95


def rated(rows: Sequence[Row], matter: str, find: Callable[[str], object]) -> dict[str, float]:
    return compute_rates(
        [find(row["text"]) is not None for row in rows], [row[matter] == "1" for row in rows]
    )
