"""The case that an address names."""

from uuid import UUID

from django.http import Http404

from bekhedmetkom.cases.queries import DeskCase, desk_case, standing_for
from bekhedmetkom.cases.rules.standing import CaseState
from bekhedmetkom.kernel.references import parse_reference

from .visit import RequestContext


def read(visit: RequestContext, reference: str) -> DeskCase:
    """The case, or 404: what is not one's own does not exist."""
    known = parse_reference(reference)
    found = desk_case(visit.actor, known, visit.at) if known else None
    if found is None:
        raise Http404
    return found


def read_standing(visit: RequestContext, reference: str) -> tuple[UUID, CaseState]:
    """The same, for what a page asks again and again: only where the case stands."""
    known = parse_reference(reference)
    found = standing_for(visit.actor, known) if known else None
    if found is None:
        raise Http404
    return found
