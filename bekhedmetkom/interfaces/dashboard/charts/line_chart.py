"""Lines over days: what was, the target that is aimed at, and what is expected with its interval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.safestring import SafeString

from .svg import (
    Scale,
    build_horizontal_line,
    build_svg,
    draw_area,
    draw_label,
    draw_line,
    draw_path,
    format_number,
)


@dataclass(frozen=True, slots=True)
class ChartLine:
    """`values` stand beside the chart's days; None: too few to say. `last` is what is written at its end."""

    name: str
    values: Sequence[float | None]
    end_label: str


class ExpectedPoint(NamedTuple):
    """What is expected of one day after the last: the least, the likeliest, the most."""

    day: date
    low: float
    expected: float
    high: float


@dataclass(frozen=True, slots=True)
class ChartFrame:
    """The sizes of one way to draw a chart: a wide one, and one for narrow places, where letters stay as large."""

    width: float
    height: float
    left_margin: float = 48  # room for what the lines of the axis are called
    right_margin: float = 92  # … and for what stands at the end of each line
    top_margin: float = 14
    bottom_margin: float = 40
    max_day_labels: int = 4  # that are named below

    @property
    def bottom(self) -> float:
        return self.height - self.bottom_margin

    @property
    def right(self) -> float:
        return self.width - self.right_margin


WIDE, NARROW = ChartFrame(640, 300), ChartFrame(400, 260, right_margin=84, max_day_labels=3)
DAY_LABEL_DISTANCE = 40  # between what stands at the ends of two lines


@dataclass(frozen=True, slots=True)
class TrendChart:
    """`axis`: the values that are written beside the lines; `target` and what it is called, if there is one."""

    days: Sequence[date]
    lines: Sequence[ChartLine]
    axis: Sequence[float]
    format_value: Callable[[float], str]
    format_day: Callable[[date], str]
    target: tuple[float, str] | None = None
    expected: Sequence[ExpectedPoint] = ()


def draw_trend(chart: TrendChart, title: str, frame: ChartFrame = WIDE) -> SafeString:
    """The drawing; `title` is its finding in words."""
    days = [*chart.days, *(one.day for one in chart.expected)]
    x = Scale(days[0].toordinal(), days[-1].toordinal(), frame.left_margin, frame.right)
    y = Scale(chart.axis[0], chart.axis[-1], frame.bottom, frame.top_margin)
    inside = [*_draw_axis(chart, y, frame), *_draw_days(chart, days, x, frame)]
    if chart.expected:
        inside += _draw_expected(chart, x, y)
    ends: list[tuple[float, int]] = []
    for place, one in enumerate(chart.lines, 1):
        points = [
            (x(day.toordinal()), None if value is None else y(value))
            for day, value in zip(chart.days, one.values, strict=True)
        ]
        inside.append(draw_line(points, f"l{place}"))
        last = next(((px, py) for px, py in reversed(points) if py is not None), None)
        if last and last[1] is not None:
            inside.append(
                f'<circle class="d{place}" cx="{format_number(last[0])}" cy="{format_number(last[1])}" r="5"/>'
            )
            ends.append((last[1], place))
    for at, place in spread_labels(ends, DAY_LABEL_DISTANCE, frame.top_margin + 4, frame.bottom):
        one = chart.lines[place - 1]
        inside.append(draw_label(one.name, frame.right + 12, at, kind=f"t{place}"))
        inside.append(draw_label(one.end_label, frame.right + 12, at + 18, kind=f"t{place}"))
    return build_svg(frame.width, frame.height, title, inside)


def _draw_axis(chart: TrendChart, y: Scale, frame: ChartFrame) -> list[str]:
    drawn = []
    for value in chart.axis:
        aimed = chart.target is not None and chart.target[0] == value
        drawn.append(
            draw_path(
                "target" if aimed else "grid", build_horizontal_line(frame.left_margin, frame.right, y(value))
            )
        )
        drawn.append(draw_label(chart.format_value(value), frame.left_margin - 8, y(value) + 5, "end"))
    if chart.target and chart.axis[0] <= chart.target[0] <= chart.axis[-1]:
        value, called = chart.target
        if value not in chart.axis:
            drawn.append(draw_path("target", build_horizontal_line(frame.left_margin, frame.right, y(value))))
        drawn.append(draw_label(called, frame.left_margin + 4, y(value) - 7))
    return drawn


def _draw_days(chart: TrendChart, days: Sequence[date], x: Scale, frame: ChartFrame) -> list[str]:
    """A few days by name, as far apart as there are days; the last is always one of them."""
    few = min(frame.max_day_labels, len(days))
    places = sorted({round(step * (len(days) - 1) / max(few - 1, 1)) for step in range(few)})
    return [
        draw_label(chart.format_day(days[at]), x(days[at].toordinal()), frame.bottom + 26, "middle")
        for at in places
    ]


def _draw_expected(chart: TrendChart, x: Scale, y: Scale) -> list[str]:
    """The band begins where the first line ends."""
    last = chart.lines[0].values[-1]
    begun = [] if last is None else [ExpectedPoint(chart.days[-1], last, last, last)]
    steps = [*begun, *chart.expected]
    return [
        draw_area(
            [(x(one.day.toordinal()), y(one.low)) for one in steps],
            [(x(one.day.toordinal()), y(one.high)) for one in steps], "a1",
        ),
        draw_line([(x(one.day.toordinal()), y(one.expected)) for one in steps], "l1 next"),
    ]  # fmt: skip


def spread_labels(
    ends: Sequence[tuple[float, int]], least: float, top: float, bottom: float
) -> list[tuple[float, int]]:
    """The same heights moved as little as it takes for none to stand closer than `least` to the next, from the top."""
    placed: list[tuple[float, int]] = []
    for at, which in sorted(ends):
        placed.append((max(at, placed[-1][0] + least if placed else top), which))
    over = max((placed[-1][0] if placed else 0) - (bottom - least / 2), 0)
    for place in range(len(placed) - 1, -1, -1):  # back up, where the last ran over the lower edge
        if over <= 0:
            break
        at, which = placed[place]
        placed[place] = (at - over, which)
        above = placed[place - 1][0] if place else top - least
        over = max(above + least - placed[place][0], 0)
    return placed
