"""What was asked about figures, as the desk shows it."""

from datetime import datetime, time
from typing import Any

from django.urls import reverse

from bekhedmetkom.analytics.queries.instructions import InstructionDetails, list_instructions
from bekhedmetkom.analytics.rules.indicators import INDICATORS, Unit
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.identity.queries import get_officer_names
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.clock import AMMAN

from ..request_context import RequestContext


def list_figure_instructions(visit: RequestContext) -> list[dict[str, Any]]:
    """Instructions about figures with their words: what waits first, then what ended lately."""
    found = list_instructions(visit.actor, visit.at)
    who = get_officer_names({key for one in found for key in (one.by, one.ended_by) if key})
    watches = has_permission_anywhere(visit.actor, Permission.WATCH)
    return [
        {
            "one": one,
            "figure": INDICATORS[one.figure].name,
            "value": _format_value(one),
            "body": get_tree()[one.entity].name,
            "by": who.get(one.by),
            "ended_by": who.get(one.ended_by or 0),
            "until": datetime.combine(one.until, time(23, 59), AMMAN),
            "page": f"{reverse('dashboard:board')}?{one.query}" if watches else "",
        }
        for one in found
    ]


def _format_value(one: InstructionDetails) -> str:
    """What the figure was when it was asked about."""
    if one.value is None:
        return ""
    match INDICATORS[one.figure].unit:
        case Unit.SHARE:
            return f"{100 * one.value:.1f}%"
        case Unit.COUNT:
            return f"{one.value:,.0f}"
        case _:
            return f"{one.value:,.1f}"
