"""How much whom waits for what."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from bekhedmetkom.entities.queries import find_successor
from bekhedmetkom.identity.queries import find_reviewer
from bekhedmetkom.kernel.clock import get_local_date

from ...models import Event
from ...rules.case_state import CaseState
from ...rules.states import EventType
from .conflict_of_interest import get_concerned_officers


def list_officers_who_acted(case: UUID) -> set[int]:
    """Every officer who ever did anything to a case: none of them is the one to review its appeal."""
    acts = Event.objects.filter(case=case, actor__startswith="officer:")
    actors = acts.exclude(kind=str(EventType.IDENTITY_LOOKED)).values_list("actor", flat=True)
    return {int(actor.partition(":")[2]) for actor in actors.distinct()}


def count_open_cases(entity: int) -> int:
    """How many open cases a body has, for an administrator, who may see none of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_cases_of(%s)", [entity])
        return int(cursor.fetchone()[0])


def count_appeals_by_reviewer() -> dict[int, int]:
    """Open appeals by reviewer, of every body, so that the next one goes to whoever has the fewest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reviewer, appeals FROM appeals_in_hand()")
        return dict(cursor.fetchall())


def find_next_reviewer(
    case: UUID, standing: CaseState, at: datetime, without: Iterable[int | None] = ()
) -> int | None:
    """Who reviews its appeal: nobody who had a hand in it, stepped aside, or whom it complains of."""
    excluded = {
        *standing.handlers,
        *standing.recused,
        *list_officers_who_acted(case),
        *get_concerned_officers(standing, at),
        *without,
    }
    body = find_successor(
        standing.entity_id, get_local_date(at)
    )  # an answered case stays with the body of its time
    return find_reviewer(
        body.id if body else standing.entity_id,
        {key for key in excluded if key is not None},
        at,
        count_appeals_by_reviewer(),
    )
