"""What came in each hour of today, against what is usual for the hour of such a day."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from .svg import (
    Scale,
    build_count_axis,
    build_horizontal_line,
    build_svg,
    draw_label,
    draw_line,
    draw_path,
    format_number,
)

WIDE_SIZE, NARROW_SIZE = (580.0, 214.0), (400.0, 250.0)  # how wide and how high; letters stay as large
LEFT, TOP, MARGIN, BELOW = 48.0, 14.0, 14.0, 30.0


def draw_hours(
    today: Sequence[int], usual: Sequence[float], now: int, first: int, title: str, *, slim: bool = False
) -> SafeString:
    """One bar an hour from `first` on, one mark for the usual. The hour `now` is not over: its bar is fainter."""
    all_width, all_height = NARROW_SIZE if slim else WIDE_SIZE
    right, bottom = all_width - MARGIN, all_height - BELOW
    axis = build_count_axis([*today, *usual], 3)
    y = Scale(0, axis[-1], bottom, TOP)
    width = (right - LEFT) / len(today)
    inside = [
        draw_path("grid", *(build_horizontal_line(LEFT, right, y(value)) for value in axis)),
        *(draw_label(f"{value:,.0f}", LEFT - 8, y(value) + 5, "end") for value in axis),
    ]
    every = 3 if len(today) > 10 else 2
    for place, (came, as_usual) in enumerate(zip(today, usual, strict=True)):
        hour, x = first + place, LEFT + place * width
        if came and hour <= now:
            going = ' opacity=".5"' if hour == now else ""
            inside.append(
                f'<rect class="d1" x="{format_number(x + width * 0.16)}" y="{format_number(y(came))}" '
                f'width="{format_number(width * 0.68)}" height="{format_number(bottom - y(came))}" rx="2"{going}/>'
            )
        if as_usual:
            inside.append(
                draw_path(
                    "target usual", build_horizontal_line(x + width * 0.06, x + width * 0.94, y(as_usual))
                )
            )
        if hour % every == 0:
            inside.append(draw_label(f"{hour}:00", x + width / 2, bottom + 22, "middle"))
    return build_svg(all_width, all_height, title, inside)


def draw_bar(
    share: float,
    target: float | None = None,
    *,
    kind: str = "",
    meter: bool = False,
    sure: tuple[float, float] | None = None,
    over: float = 0,
) -> SafeString:
    """`share` of a hundred, from the reading side; the mark is the target, the thin line where the share surely lies.

    `over`: so much of it is overdue. `kind`: `alt` is the citizen's word. `meter`: the large one of a figure by itself.
    """
    named = f' class="{kind}"' if kind else ""
    inside = f'<rect{named} width="{format_number(min(max(share, 0), 100))}%" height="100%" rx="2"/>'
    if over:
        inside += f'<rect class="alt" width="{format_number(min(over, 100))}%" height="100%" rx="2"/>'
    if sure:
        low, high = sure
        inside += (
            f'<rect class="u" x="{format_number(low)}%" y="45%"'
            f' width="{format_number(high - low)}%" height="10%"/>'
        )
    if target is not None:
        inside += f'<rect class="t" x="{format_number(target)}%" y="-4" width="2.5" height="{22 if meter else 18}"/>'
    large = " bar--meter" if meter else ""
    return SafeString(f'<svg class="bar{large}" aria-hidden="true" focusable="false">{inside}</svg>')


def draw_sparkline(values: Sequence[float | None], *, kind: str = "") -> SafeString:
    """The course of a figure, without axis: its table has the numbers."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return SafeString()
    x, y = Scale(0, len(values) - 1, 0, 100), Scale(min(known), max(known), 34, 6)
    points = [(x(place), None if value is None else y(value)) for place, value in enumerate(values)]
    return SafeString(
        '<svg class="spark" viewBox="0 0 100 38" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f"{draw_line(points, f's {kind}'.strip())}</svg>"
    )
