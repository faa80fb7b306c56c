"""The scales weigh quickly what is learned slowly: both ways must say the same of every text."""

from types import ModuleType

import pytest

from bekhedmetkom.language import danger, gate
from bekhedmetkom.language.lexicon import first_hit
from bekhedmetkom.language.scales import features, scales
from bench.language import DATA, message_sets

TEXTS = [
    *(row["text"] for rows in message_sets(DATA / "messages").values() for row in rows[::5]),
    "", "؟", "x", "رشوة " * 900, "ع" * 4000, "el mwazaf talab rashwe 50 jd " * 90, "a'b'c _d_ ﷺ ٣٤",
]  # fmt: skip


@pytest.mark.parametrize("matter", [gate, danger])
def test_a_score_is_the_sum_of_what_is_weighed(matter: ModuleType) -> None:
    table = scales(matter.__name__.rpartition(".")[2])
    for text in TEXTS:
        places = matter.LEXICON.find(text)
        hit = first_hit(matter.RULES, places)
        known = [table.weights.get(name, 0.0) * size for name, size in features(text, places, hit).items()]
        assert table.score(text, places, hit) == pytest.approx(table.bias + sum(known), abs=1e-9)
