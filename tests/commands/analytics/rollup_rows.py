"""Rows of the roll-ups, as the follower would have them, for tests of what is made of them."""

from datetime import date
from typing import Any

from bekhedmetkom.analytics.models import RollUp
from bekhedmetkom.analytics.rules.grains import find_grain

EMPTY_DIMENSIONS: dict[str, Any] = {
    "kind": "", "channel": "", "governorate": 0, "language": "", "entity": 0, "service": 0, "unit": 0
}  # fmt: skip


def build_rollup_row(day: date, measures: dict[str, int], *, span: str = "day", **cell: Any) -> RollUp:
    """One cell of one day, at the coarsest grain that has it."""
    return RollUp(
        grain=find_grain(set(cell), light=True),
        span=span,
        day=day,
        **{**EMPTY_DIMENSIONS, **cell},
        **measures,
    )
