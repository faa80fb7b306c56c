"""What is usual in a place, where not all that came there is read."""

from collections.abc import Iterator

import numpy as np
import pytest

from bekhedmetkom.problems.commands.detection import (
    ComparisonScope,
    ScopeHistory,
    UsualRate,
    VectorBatch,
    to_microseconds,
)
from bekhedmetkom.problems.rules.bursts import MAX_PROBABILITY, WINDOWS, BurstWindow, SimilarGroup
from bekhedmetkom.problems.rules.text_vectors import build_text_vector
from tests.personas import DAY, HOUR, NOON

LAMP_VECTOR = build_text_vector("انطفأت أعمدة الإنارة في شارع المدرسة منذ أسبوع")
OTHER_VECTOR = build_text_vector("أسأل عن موعد صرف بدل الإيجار")


class FullHistory(ScopeHistory):
    """The newest days of a place that has more: one case an hour like these, and one unlike them."""

    def __init__(self, days: int):
        self.days, self.first, self.is_full = days, NOON - days * DAY, True

    def iterate_batches(self) -> Iterator[VectorBatch]:
        for day in range(self.days):
            at = [to_microseconds(NOON - day * DAY - hour * HOUR) for hour in range(24)]
            yield VectorBatch(b"", np.array(at), np.tile(LAMP_VECTOR, (24, 1)))
            yield VectorBatch(b"", np.array(at), np.tile(OTHER_VECTOR, (24, 1)))


@pytest.mark.parametrize("window", WINDOWS)
def test_in_the_busiest_place_two_days_before_say_what_is_usual(window: BurstWindow) -> None:
    """And not what is said elsewhere: who writes about their own street writes there alone."""
    hours = int(window.span / HOUR)
    usual = UsualRate(ComparisonScope(entity=1), SimilarGroup([], LAMP_VECTOR), FullHistory(days=5), NOON)
    _, unlikely = usual.compute(window, hours)
    assert unlikely > MAX_PROBABILITY
    expected, unlikely = usual.compute(window, 20 * hours)
    assert expected == pytest.approx(hours, rel=0.05)
    assert unlikely < MAX_PROBABILITY
