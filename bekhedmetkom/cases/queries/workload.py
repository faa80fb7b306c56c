"""How much whom waits for what."""

from uuid import UUID

from django.db import connection

from ..models import Event


def acted_on(case: UUID) -> set[int]:
    """Every officer who ever did anything to a case: none of them is the one to review its appeal."""
    actors = Event.objects.filter(case=case, actor__startswith="officer:").values_list("actor", flat=True)
    return {int(actor.partition(":")[2]) for actor in actors.distinct()}


def appeals_in_hand() -> dict[int, int]:
    """Open appeals by reviewer, of every body, so that the next one goes to whoever has the fewest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reviewer, appeals FROM appeals_in_hand()")
        return dict(cursor.fetchall())
