"""Finding cases by their words, folded as people spell them, or by their reference. Kept by `cases.follower`."""

from uuid import UUID

from django.db.models import Q, QuerySet

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.references import parse_reference
from bekhedmetkom.language.stems import stems

from ..models import Case, CaseSearch

NEWEST = 500  # a common word is capped to its newest hits


def narrowed(rows: QuerySet[Case], viewer: Actor, q: str) -> QuerySet[Case]:
    """Those of `rows` that hold every word of `q`, or have it as reference."""
    if reference := parse_reference(q):
        return rows.filter(Q(reference=reference) | Q(pk__in=_holding(viewer, q)))
    return rows.filter(pk__in=_holding(viewer, q))


def _holding(viewer: Actor, q: str) -> QuerySet[CaseSearch, UUID]:
    tokens = stems(q)
    if not tokens:
        return CaseSearch.objects.none().values_list("case_id", flat=True)
    found = (
        CaseSearch.objects.extra(  # tokens are letters and digits only, so they cannot break out of the query
            where=["words @@ to_tsquery('simple', %s)"], params=[" & ".join(f"{token}:*" for token in tokens)]
        )
    )
    if all(grant.entity is not None for grant in viewer.grants):  # else a role that reaches the whole country
        found = found.filter(entity__in={body for grant in viewer.grants for body in grant.below})
    return found.order_by("-received_at").values_list("case_id", flat=True)[:NEWEST]
