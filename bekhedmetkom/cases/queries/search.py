"""Finding cases by their words, folded as people spell them, or by their reference. Kept by `cases.follower`."""

from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.references import parse_reference
from bekhedmetkom.language.stems import stems

from .. import wall
from ..models import Case

NEWEST = 200  # a common word is capped to its newest hits


def narrowed(rows: QuerySet[Case], viewer: Actor, q: str) -> QuerySet[Case]:
    """Those of `rows` that hold every word of `q`, or have it as reference."""
    if reference := parse_reference(q):
        return rows.filter(Q(reference=reference) | Q(pk__in=_holding(viewer, q)))
    return rows.filter(pk__in=_holding(viewer, q))


def _holding(viewer: Actor, q: str) -> list[UUID]:
    """The newest cases that hold the words, among those that the viewer's memberships may reach."""
    tokens = stems(q)
    if not tokens:
        return []
    bodies = wall.reached(viewer)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT find_cases(%s, %s, to_tsquery('simple', %s), %s)",
            [
                None if bodies is None else sorted(bodies),
                wall.known(viewer),
                " & ".join(tokens),  # letters and digits only: no operator among them
                NEWEST,
            ],
        )
        return [case for (case,) in cursor.fetchall()]
