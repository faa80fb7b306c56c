"""The scales weigh quickly what is learned slowly: both ways must say the same of every text."""

from types import ModuleType

import pytest

from bekhedmetkom.language import corruption, danger
from bekhedmetkom.language.lexicon import find_first_hit
from bekhedmetkom.language.linear_model import build_features, load_model
from tools.labelled_data import DATA_FOLDER, load_message_sets

TEXTS = [
    *(row["text"] for rows in load_message_sets(DATA_FOLDER / "messages").values() for row in rows[::5]),
    "", "؟", "x", "رشوة " * 900, "ع" * 4000, "el mwazaf talab rashwe 50 jd " * 90, "a'b'c _d_ ﷺ ٣٤",
]  # fmt: skip


@pytest.mark.parametrize("matter", [corruption, danger])
def test_score_equals_sum_of_weighted_features(matter: ModuleType) -> None:
    table = load_model(matter.__name__.rpartition(".")[2])
    for text in TEXTS:
        places = matter.LEXICON.find(text)
        hit = find_first_hit(matter.RULES, places)
        known = [
            table.weights.get(name, 0.0) * size for name, size in build_features(text, places, hit).items()
        ]
        assert table.score(text, places, hit) == pytest.approx(table.bias + sum(known), abs=1e-9)
