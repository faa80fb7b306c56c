"""What of a figure everybody may see: nobody is to be found by a small number."""

from typing import NamedTuple

from .totals import Reading

SMALLEST = 5  # numbers below this are not published, but for none at all


class Published(NamedTuple):
    """A reading as everybody sees it."""

    value: float | None
    n: int | None
    low: float | None
    high: float | None


def published(reading: Reading) -> Published:
    """The same, or nothing of it where it speaks of too few."""
    if 0 < reading.n < SMALLEST:
        return Published(None, None, None, None)
    return Published(reading.value, reading.n, reading.low, reading.high)
