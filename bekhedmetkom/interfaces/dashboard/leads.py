"""Where a figure leads: to the cases behind it, and to asking the head of its body about it."""

from django.urls import reverse

from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.insight.rules.behind import BEHIND
from bekhedmetkom.insight.rules.indicators import INDICATORS

from .asked import Asked

NOW = ("open", "overdue", "overdue_share")  # counted as they stand, not as something that happened


def behind(asked: Asked, key: str, **own: object) -> str:
    """The address of the cases behind a figure of these; empty where there are none to list, or for who reads none.

    `own` narrows further, as the address of the dashboard does: one body, one topic, other days; `part` names one of
    the figure's.
    """
    if not asked.visit.reads or not (key in BEHIND or (key in NOW and asked.ends_today)):
        return ""
    return _address("cases", key, asked, **own)


def instructing(asked: Asked, key: str, **own: object) -> str:
    """The address at which the head of a body is asked about a figure of these; empty for who may not."""
    if not holds(asked.visit.actor, Permission.ASK_HEAD) or INDICATORS[key].missing:
        return ""
    return _address("ask", key, asked, **own)


def asking(asked: Asked, key: str) -> str:
    """The same where they are of one body: who looks at several asks from a row of the ranking."""
    bodies = asked.slice.entities
    return instructing(asked, key) if bodies is not None and len(bodies) == 1 else ""


def _address(page: str, key: str, asked: Asked, **own: object) -> str:
    """A body that is named says more than the sector, unit or topic of the page."""
    wider = {"sector", "unit", "topic"} - own.keys() if "entity" in own else set[str]()
    query = asked.address("view", "show", *wider, **own)
    return f"{reverse(f'dashboard:{page}', args=[key])}{'?' if query else ''}{query}"
