"""The desk's pages beside its queues: which an officer has, and how they stand in the side bar."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.queries import has_needs
from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission

from .visit import RequestContext


class Place(NamedTuple):
    route: str
    icon: str
    title: str | Promise
    counted: str = ""  # the name of how much waits there (remembered.py)


NEEDS = Place("desk:needs", "megaphone", _("يحتاجك"))
WORKLOAD = Place("desk:workload", "users", _("عبء العمل"))
BODIES = Place("desk:bodies", "flag", _("الجهات"))
INSTRUCTIONS = Place("desk:instructions", "handshake", _("توجيهات ومهام"))

WATCH = Place("dashboard:board", "chart-column", _("المؤشرات"))
PROBLEMS = Place("desk:problems", "copy", _("المشكلات"))
TALKS = Place("desk:talks", "headset", _("المحادثات"), "talks")


def pages_of(visit: RequestContext) -> list[Place]:
    """The pages of this officer's roles, the first one first."""
    within = get_reachable_bodies(visit.actor, Permission.OVERSEE)
    return [
        *([NEEDS] if has_needs(visit.actor) else []),
        *([WATCH] if holds(visit.actor, Permission.WATCH) else []),
        *([TALKS] if holds(visit.actor, Permission.TALK) else []),
        INSTRUCTIONS,
        *([PROBLEMS] if holds(visit.actor, Permission.LINK) else []),
        *([WORKLOAD, BODIES] if within is None or within else []),
    ]
