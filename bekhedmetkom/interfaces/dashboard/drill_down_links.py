"""Where a figure leads: to the cases behind it, and to asking the head of its body about it."""

from django.urls import reverse

from bekhedmetkom.analytics.rules.drill_down import INDICATOR_PARTS
from bekhedmetkom.analytics.rules.indicators import INDICATORS
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.identity.rules import Permission

from .filters import Filters

CURRENT_STATE_INDICATORS = (
    "open",
    "overdue",
    "overdue_share",
)  # counted as they stand, not as something that happened


def build_cases_address(asked: Filters, key: str, **own: object) -> str:
    """The address of the cases behind a figure of these; empty where there are none to list, or for who reads none.

    `own` narrows further, as the address of the dashboard does: one body, one topic, other days; `part` names one of
    the figure's.
    """
    if not asked.context.can_read_cases or not (
        key in INDICATOR_PARTS or (key in CURRENT_STATE_INDICATORS and asked.ends_today)
    ):
        return ""
    return _build_address("cases", key, asked, **own)


def build_instruction_address(asked: Filters, key: str, **own: object) -> str:
    """The address at which the head of a body is asked about a figure of these; empty for who may not."""
    if (
        not has_permission_anywhere(asked.context.actor, Permission.ASK_HEAD)
        or INDICATORS[key].unavailable_reason
    ):
        return ""
    return _build_address("ask", key, asked, **own)


def build_body_instruction_address(asked: Filters, key: str) -> str:
    """The same where they are of one body: who looks at several asks from a row of the ranking."""
    bodies = asked.slice.entities
    return build_instruction_address(asked, key) if bodies is not None and len(bodies) == 1 else ""


def _build_address(page: str, key: str, asked: Filters, **own: object) -> str:
    """A body that is named says more than the sector, unit or topic of the page."""
    wider = {"sector", "unit", "topic"} - own.keys() if "entity" in own else set[str]()
    query = asked.build_query_string("view", "show", *wider, **own)
    return f"{reverse(f'dashboard:{page}', args=[key])}{'?' if query else ''}{query}"
