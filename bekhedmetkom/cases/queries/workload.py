"""How much whom waits for what."""

from uuid import UUID

from django.db.models import Count

from ..models import Case, Event
from ..rules.states import State


def acted_on(case: UUID) -> set[int]:
    """Every officer who ever did anything to a case: none of them is the one to review its appeal."""
    actors = Event.objects.filter(case=case, actor__startswith="officer:").values_list("actor", flat=True)
    return {int(actor.partition(":")[2]) for actor in actors.distinct()}


def appeals_in_hand() -> dict[int, int]:
    """Open appeals by reviewer, so that the next one goes to whoever has the fewest."""
    rows = Case.objects.filter(state=State.APPEALED, reviewer__isnull=False).values_list("reviewer_id")
    return dict(rows.annotate(count=Count("pk")))
