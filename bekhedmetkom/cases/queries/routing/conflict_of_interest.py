"""Where a case may not go: to whom it complains of, to those under them, to their unit (`identity.organisation`)."""

from datetime import datetime
from typing import Any, NamedTuple

from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import get_prime_ministry
from bekhedmetkom.identity.queries import find_serving_body, get_organisation
from bekhedmetkom.identity.rules import Role

from ...rules.access import CONFIDENTIALITY_ROLES, ComplaintSubject


class ComplaintTarget(NamedTuple):
    """Whom a case that is just coming in complains of."""

    about_officer_id: int | None = None
    about_unit_id: int | None = None


def get_concerned_officers(case: ComplaintSubject, at: datetime) -> frozenset[int]:
    """Whom the case must not reach today."""
    return get_organisation(at).list_concerned(case.about_officer_id, case.about_unit_id)


def find_body_without_conflict(entity: int, case: ComplaintSubject, care: Handling, at: datetime) -> int:
    """Where a case goes that would go to this body: there, or to the nearest above that can serve it cleanly.

    Where none can, to the Prime Ministry.
    """
    without = get_concerned_officers(case, at)
    if not without:
        return entity
    role = Role.MAIN_OFFICER if care is Handling.OPEN else CONFIDENTIALITY_ROLES[care]
    clean = find_serving_body(role, entity, at, without)
    return entity if clean == find_serving_body(role, entity, at) else clean or get_prime_ministry()


def is_unit_in_conflict(unit: int, case: ComplaintSubject, at: datetime) -> bool:
    """Whether the unit is the one complained of, stands under it, or all who work there are concerned."""
    organisation = get_organisation(at)
    if case.about_unit_id in organisation.get_unit_path(unit):
        return True
    team = organisation.get_team(unit)
    return bool(team) and team <= get_concerned_officers(case, at)


def build_triage_data(entity: int) -> dict[str, Any]:
    """What cannot be served below stands in the Prime Ministry unit's own queue."""
    return {"entity_id": entity} | ({"triage": 1} if entity == get_prime_ministry() else {})
