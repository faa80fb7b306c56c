"""Drawings of a word's size, beside the number that they draw: a bar with its target, a line of the last days."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from .drawn import line, number
from .scale import Scale


def bar(
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
    inside = f'<rect{named} width="{number(min(max(share, 0), 100))}%" height="100%" rx="2"/>'
    if over:
        inside += f'<rect class="alt" width="{number(min(over, 100))}%" height="100%" rx="2"/>'
    if sure:
        low, high = sure
        inside += f'<rect class="u" x="{number(low)}%" y="45%" width="{number(high - low)}%" height="10%"/>'
    if target is not None:
        inside += f'<rect class="t" x="{number(target)}%" y="-4" width="2.5" height="{22 if meter else 18}"/>'
    large = " bar--meter" if meter else ""
    return SafeString(f'<svg class="bar{large}" aria-hidden="true" focusable="false">{inside}</svg>')


def spark(values: Sequence[float | None], *, kind: str = "") -> SafeString:
    """The course of a figure, without axis: its table has the numbers."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return SafeString()
    x, y = Scale(0, len(values) - 1, 0, 100), Scale(min(known), max(known), 34, 6)
    points = [(x(place), None if value is None else y(value)) for place, value in enumerate(values)]
    return SafeString(
        '<svg class="spark" viewBox="0 0 100 38" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f"{line(points, f's {kind}'.strip())}</svg>"
    )
