"""What everybody may read of cases. PostgreSQL's function `public_cases` lets nothing else out, and no exact place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from bekhedmetkom.catalogue.rules import Kind

from ..rules.states import State


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A case as its citizen and the desk let it out; `lat` and `lng` to about 100 m."""

    reference: str
    state: State
    kind: Kind
    service: int
    entity: int
    governorate: int | None
    received_at: datetime
    updated_at: datetime
    due_at: datetime
    text: str
    lat: float | None
    lng: float | None


def public_cases(
    *, references: Sequence[str] | None = None, services: Sequence[int] | None = None,
    states: Sequence[str] | None = None, since: datetime | None = None, until: datetime | None = None,
    updated_after: datetime | None = None, most: int, skip: int = 0,
) -> list[PublicCase]:  # fmt: skip
    """The newest first. `None` narrows nothing; the times are of receipt."""
    given: list[Any] = [references, services, states, since, until, updated_after, most, skip]
    with connection.cursor() as cursor:
        cursor.execute(ASK, given)
        return [PublicCase(row[0], State(row[1]), Kind(row[2]), *row[3:]) for row in cursor.fetchall()]


ASK = """
SELECT reference, state, kind, service_id, entity_id, governorate_id, received_at, updated_at, due_at, said, lat, lng
FROM public_cases(%s::text[], %s::bigint[], %s::text[], %s, %s, %s, %s, %s)
"""
