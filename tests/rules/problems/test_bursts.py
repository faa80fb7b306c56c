"""What is one burst in three spellings, and when a number is too high to be chance."""

import csv
import random
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.problems.rules.bursts import CHANCE, NEAR, WINDOWS, alike, chance
from bekhedmetkom.problems.rules.signs import Signs, packed, signs, unpacked
from bekhedmetkom.problems.rules.states import people

DATA = Path(__file__).parents[3] / "data"


def lines_of(path: str, **only: str) -> list[str]:
    with (DATA / path).open(encoding="utf-8") as file:
        return [
            row["text"]
            for row in csv.DictReader(file)
            if all(row[name] == value for name, value in only.items())
        ]


@pytest.fixture(scope="module")
def others() -> Signs:
    return np.array([signs(text) for text in lines_of("messages/dev.csv")])


@pytest.mark.parametrize("burst", ["main", "power", "fee"])
def test_most_of_ten_messages_are_alike_and_none_of_hundreds_of_others(burst: str, others: Signs) -> None:
    ten = random.Random(burst).sample(lines_of("language/bursts.csv", burst=burst), 10)
    every = np.vstack([[signs(text) for text in ten], others])
    groups = [group for line in every[:10] if (group := alike(line, every))]
    best = max(groups, key=lambda group: len(group.rows))
    assert sum(row < 10 for row in best.rows) >= 6
    assert sum(row >= 10 for row in best.rows) <= 1


@pytest.mark.parametrize(
    "one, other",
    [
        ("إنفجر خطّ المياه بشارع السعادة", "انفجر خط المياة بشارع السعاده"),
        ("ماسورة المي انفجرت بشارع السعادة", "masoret el may enfajarat b share3 el sa3ade"),
        ("انقطعت الكهرباء عن حي القصبة", "الكهربا مقطوعة عن حي القصبة"),
    ],
)
def test_spelling_dialect_and_latin_letters_part_little(one: str, other: str) -> None:
    assert float(signs(one) @ signs(other)) > NEAR


@given(st.text(max_size=200))
def test_whatever_is_written_has_signs_that_are_kept_nearly_as_they_are(text: str) -> None:
    line = signs(text)
    kept = unpacked(packed(line))[0]
    assert np.isfinite(line).all()
    assert not line.any() or float(line @ kept) > 0.99


def test_ten_where_none_is_usual_are_no_chance_and_ten_where_ten_are_usual_are() -> None:
    day = WINDOWS[1].span / timedelta(days=1) * WINDOWS[1].peak
    assert chance(10, day, 0, 27) < CHANCE
    assert chance(10, day, 270, 27) > 0.1
    assert chance(10, day, 27, 27) > CHANCE  # one a day, and ten today: waves like that come


@given(st.integers(5, 60), st.integers(0, 500), st.floats(0.1, 3), st.floats(3, 28))
def test_more_cases_are_less_likely_and_a_higher_rate_makes_them_likelier(
    now: int, before: int, span: float, days: float
) -> None:
    this, rounding = chance(now, span, before, days), 1e-6
    assert 0 <= chance(now + 1, span, before, days) <= this + rounding <= 1 + rounding
    assert this <= chance(now, span, before + 1, days) + rounding


def test_without_anything_to_compare_with_nothing_is_unlikely() -> None:
    assert chance(50, 1, 0, 0) == 1.0


def test_few_people_are_never_counted_out_loud() -> None:
    assert people(4).en == "Several people reported this"
    assert (people(5).ar, people(47).ar) == ("أبلغ عنها 5 أشخاص", "أبلغ عنها 47 شخصًا")
    assert (people(100).ar, people(103).ar) == ("أبلغ عنها 100 شخص", "أبلغ عنها 103 أشخاص")
