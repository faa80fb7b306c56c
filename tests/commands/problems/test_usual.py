"""What is usual in a place, where not all that came there is read."""

from collections.abc import Iterator

import numpy as np
import pytest

from bekhedmetkom.problems.commands.looking import Past, Scope, Seen, Usual, micros
from bekhedmetkom.problems.rules.bursts import CHANCE, WINDOWS, Group, Window
from bekhedmetkom.problems.rules.signs import signs
from tests.personas import DAY, HOUR, NOON

LINE = signs("انطفأت أعمدة الإنارة في شارع المدرسة منذ أسبوع")
OTHER = signs("أسأل عن موعد صرف بدل الإيجار")


class FullPast(Past):
    """The newest days of a place that has more: one case an hour like these, and one unlike them."""

    def __init__(self, days: int):
        self.days, self.first, self.is_full = days, NOON - days * DAY, True

    def parts(self) -> Iterator[Seen]:
        for day in range(self.days):
            at = [micros(NOON - day * DAY - hour * HOUR) for hour in range(24)]
            yield Seen(b"", np.array(at), np.tile(LINE, (24, 1)))
            yield Seen(b"", np.array(at), np.tile(OTHER, (24, 1)))


@pytest.mark.parametrize("window", WINDOWS)
def test_in_the_busiest_place_two_days_before_say_what_is_usual(window: Window) -> None:
    """And not what is said elsewhere: who writes about their own street writes there alone."""
    hours = int(window.span / HOUR)
    usual = Usual(Scope(entity=1), Group([], LINE), FullPast(days=5), NOON)
    _, unlikely = usual.of(window, hours)
    assert unlikely > CHANCE
    expected, unlikely = usual.of(window, 20 * hours)
    assert expected == pytest.approx(hours, rel=0.05)
    assert unlikely < CHANCE
