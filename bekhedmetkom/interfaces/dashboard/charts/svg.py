"""Pieces of a drawing as SVG: short numbers, words that keep their direction, a title that says the finding."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from math import ceil, floor, log10
from typing import NamedTuple

from django.utils.safestring import SafeString

ChartPoint = tuple[float, float | None]  # the second is None where nothing can be said


def format_number(value: float) -> str:
    """As short as a tenth of a unit allows."""
    return f"{round(value, 1):g}"


def draw_label(text: str, x: float, y: float, anchor: str = "start", kind: str = "") -> str:
    """A label that begins, stands or ends at `x`, whatever its language.

    The sheet sets every drawing left to right; Arabic with numbers in it is read from the right (class `ar`), and
    there "start" is its right edge, so the ends change places.
    """
    arabic = any("\u0600" <= letter <= "\u06ff" for letter in text)
    if arabic:
        anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
    names = " ".join(name for name in (kind, "ar" if arabic else "") if name)
    return (
        f'<text x="{format_number(x)}" y="{format_number(y)}"'
        f"{f' text-anchor={chr(34)}{anchor}{chr(34)}' if anchor != 'start' else ''}"
        f"{f' class={chr(34)}{names}{chr(34)}' if names else ''}>{escape(text)}</text>"
    )


def draw_line(points: Iterable[ChartPoint], kind: str) -> str:
    """One line through the points; it is broken where a value is missing, and a lonely point is a dot."""
    drawn = ""
    for known, run in groupby(points, key=lambda point: point[1] is not None):
        if not known:
            continue
        run_of = [f"{format_number(x)},{format_number(y)}" for x, y in run if y is not None]
        if len(run_of) == 1:
            x, y = run_of[0].split(",")
            drawn += f'<circle class="{kind} dot" cx="{x}" cy="{y}" r="3"/>'
        else:
            drawn += f'<polyline class="{kind}" points="{" ".join(run_of)}"/>'
    return drawn


def draw_area(lows: Iterable[tuple[float, float]], highs: Iterable[tuple[float, float]], kind: str) -> str:
    """What lies between two lines."""
    around = [*lows, *reversed(list(highs))]
    return f'<polygon class="{kind}" points="{" ".join(f"{format_number(x)},{format_number(y)}" for x, y in around)}"/>'


def draw_path(kind: str, *moves: str) -> str:
    return f'<path class="{kind}" d="{"".join(moves)}"/>'


def build_horizontal_line(x1: float, x2: float, y: float) -> str:
    return f"M{format_number(x1)} {format_number(y)}H{format_number(x2)}"


def build_svg(width: float, height: float, title: str, inside: Iterable[str], kind: str = "") -> SafeString:
    """A drawing that is read out as one sentence; its numbers stand in the table beside it."""
    named = f' class="{kind}"' if kind else ""
    return SafeString(
        f'<svg{named} viewBox="0 0 {format_number(width)} {format_number(height)}" role="img" '
        f'aria-label="{escape(title)}">'
        f"{''.join(inside)}</svg>"
    )


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


def get_axis_step(span: float, most: int) -> float:
    """The smallest round step (1, 2, 5, 10, 20, …) with which at most `most` steps cover a span of counts."""
    if span <= most:
        return 1
    rough = span / most
    power = 10.0 ** floor(log10(rough))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= rough * (1 - 1e-9))


def build_count_axis(values: Sequence[float], most: int = 4) -> list[float]:
    """The lines of an axis that begins at nothing, up to the first round one that no value passes."""
    top = max(values, default=0)
    step = get_axis_step(top, most)
    return [step * times for times in range(max(ceil(top / step), 1) + 1)]


def build_share_axis(
    values: Sequence[float], step: float = 10, low: float = 0, high: float = 100
) -> list[float]:
    """The lines of an axis of shares: the tens just below and just above all values, never only one."""
    first = max(floor(min(values, default=low) / step) * step, low)
    last = min(ceil(max(values, default=high) / step) * step, high)
    if last - first < step:
        first, last = (first - step, last) if first >= low + step else (first, last + step)
    return [first + step * times for times in range(round((last - first) / step) + 1)]
