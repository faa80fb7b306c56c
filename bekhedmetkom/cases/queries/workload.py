"""How much whom waits for what."""

from django.db.models import Count

from ..models import Case
from ..rules.states import State


def appeals_in_hand() -> dict[int, int]:
    """Open appeals by reviewer, so that the next one goes to whoever has the fewest."""
    rows = Case.objects.filter(state=State.APPEALED, reviewer__isnull=False).values_list("reviewer_id")
    return dict(rows.annotate(count=Count("pk")))
