"""Rows of the roll-ups, as the follower would have them, for tests of what is made of them."""

from datetime import date
from typing import Any

from bekhedmetkom.insight.models import RollUp
from bekhedmetkom.insight.rules.grains import grain_for

NOTHING: dict[str, Any] = {
    "kind": "", "channel": "", "governorate": 0, "language": "", "entity": 0, "service": 0, "unit": 0
}  # fmt: skip


def row(day: date, measures: dict[str, int], *, span: str = "day", **cell: Any) -> RollUp:
    """One cell of one day, at the coarsest grain that has it."""
    return RollUp(
        grain=grain_for(set(cell), light=True), span=span, day=day, **{**NOTHING, **cell}, **measures
    )
