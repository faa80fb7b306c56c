"""What is one burst in three spellings, and when a number is too high to be chance."""

import csv
import random
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.problems.rules.bursts import (
    MAX_PROBABILITY,
    SEED_SIMILARITY,
    WINDOWS,
    compute_probability,
    find_similar_group,
)
from bekhedmetkom.problems.rules.statuses import describe_people_count
from bekhedmetkom.problems.rules.text_vectors import (
    TextVector,
    build_text_vector,
    pack_vector,
    unpack_vectors,
)

DATA = Path(__file__).parents[3] / "data"


def read_lines(path: str, **only: str) -> list[str]:
    with (DATA / path).open(encoding="utf-8") as file:
        return [
            row["text"]
            for row in csv.DictReader(file)
            if all(row[name] == value for name, value in only.items())
        ]


@pytest.fixture(scope="module")
def others() -> TextVector:
    return np.array([build_text_vector(text) for text in read_lines("messages/dev.csv")])


@pytest.mark.parametrize("burst", ["main", "power", "fee"])
def test_most_of_ten_messages_are_alike_and_none_of_hundreds_of_others(
    burst: str, others: TextVector
) -> None:
    ten = random.Random(burst).sample(read_lines("language/bursts.csv", burst=burst), 10)
    every = np.vstack([[build_text_vector(text) for text in ten], others])
    groups = [group for line in every[:10] if (group := find_similar_group(line, every))]
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
    assert float(build_text_vector(one) @ build_text_vector(other)) > SEED_SIMILARITY


@given(st.text(max_size=200))
def test_whatever_is_written_has_signs_that_are_kept_nearly_as_they_are(text: str) -> None:
    line = build_text_vector(text)
    kept = unpack_vectors(pack_vector(line))[0]
    assert np.isfinite(line).all()
    assert not line.any() or float(line @ kept) > 0.99


def test_ten_where_none_is_usual_are_no_chance_and_ten_where_ten_are_usual_are() -> None:
    day = WINDOWS[1].span / timedelta(days=1) * WINDOWS[1].peak
    assert compute_probability(10, day, 0, 27) < MAX_PROBABILITY
    assert compute_probability(10, day, 270, 27) > 0.1
    assert (
        compute_probability(10, day, 27, 27) > MAX_PROBABILITY
    )  # one a day, and ten today: waves like that come


@given(st.integers(5, 60), st.integers(0, 500), st.floats(0.1, 3), st.floats(3, 28))
def test_more_cases_are_less_likely_and_a_higher_rate_makes_them_likelier(
    now: int, before: int, span: float, days: float
) -> None:
    this, rounding = compute_probability(now, span, before, days), 1e-6
    assert 0 <= compute_probability(now + 1, span, before, days) <= this + rounding <= 1 + rounding
    assert this <= compute_probability(now, span, before + 1, days) + rounding


def test_without_anything_to_compare_with_nothing_is_unlikely() -> None:
    assert compute_probability(50, 1, 0, 0) == 1.0


def test_few_people_are_never_counted_out_loud() -> None:
    assert describe_people_count(4).en == "Several people reported this"
    assert (describe_people_count(5).ar, describe_people_count(47).ar) == (
        "أبلغ عنها 5 أشخاص",
        "أبلغ عنها 47 شخصًا",
    )
    assert (describe_people_count(100).ar, describe_people_count(103).ar) == (
        "أبلغ عنها 100 شخص",
        "أبلغ عنها 103 أشخاص",
    )
