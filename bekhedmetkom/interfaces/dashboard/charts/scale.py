"""Numbers to places on a drawing."""

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import NamedTuple


class Scale(NamedTuple):
    """A straight line from values (`low` to `high`) to places (`start` to `end`, in the drawing's own units)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a value stands; in the middle where all values are one."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def step_of(span: float, most: int) -> float:
    """The smallest round step (1, 2, 5, 10, 20, …) with which at most `most` steps cover a span of counts."""
    if span <= most:
        return 1
    rough = span / most
    power = 10.0 ** floor(log10(rough))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= rough * (1 - 1e-9))


def round_up(values: Sequence[float], most: int = 4) -> list[float]:
    """The lines of an axis that begins at nothing, up to the first round one that no value passes."""
    top = max(values, default=0)
    step = step_of(top, most)
    return [step * times for times in range(max(ceil(top / step), 1) + 1)]


def around(values: Sequence[float], step: float = 10, low: float = 0, high: float = 100) -> list[float]:
    """The lines of an axis of shares: the tens just below and just above all values, never only one."""
    first = max(floor(min(values, default=low) / step) * step, low)
    last = min(ceil(max(values, default=high) / step) * step, high)
    if last - first < step:
        first, last = (first - step, last) if first >= low + step else (first, last + step)
    return [first + step * times for times in range(round((last - first) / step) + 1)]
