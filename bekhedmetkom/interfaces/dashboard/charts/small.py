"""Drawings of a word's size, beside the number that they draw: a bar with its target, a line of the last days."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from .drawn import line, number
from .scale import Scale


def bar(share: float, target: float | None = None, *, kind: str = "", meter: bool = False) -> SafeString:
    """`share` of a hundred, from the reading side; the mark is the target. `kind`: `alt` is the citizen's word."""
    named = f' class="{kind}"' if kind else ""
    mark = ""
    if target is not None:
        mark = (
            f'<rect class="t" x="{number(target)}%" y="-4" width="2.5" height="{18 if not meter else 22}"/>'
        )
    return SafeString(
        f'<svg class="bar{" bar--meter" if meter else ""}" aria-hidden="true" focusable="false">'
        f'<rect{named} width="{number(min(max(share, 0), 100))}%" height="100%" rx="2"/>{mark}</svg>'
    )


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
