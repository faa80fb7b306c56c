"""Which officers may read a case, by today's memberships: whom it may be spoken of with."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from bekhedmetkom.entities.queries import get_subtree
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import Colleague, get_actor, list_colleagues
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor, ActorKind, Grant
from bekhedmetkom.kernel.clock import get_local_date

from ...rules.access import CaseScope, has_permission
from ...rules.case_state import CaseState
from ..routing.conflict_of_interest import get_concerned_officers


class CaseReaders:
    """Who may read which case. Asks once who somebody is and what they may on a day: as long as one batch is read."""

    def __init__(self) -> None:
        self._known: dict[int, Officer] = {}
        self._asked = set[int]()
        self._actors: dict[tuple[int, date], Actor] = {}

    def of(
        self,
        officers: Iterable[int | None],
        case: CaseScope,
        at: datetime,
        permission: Permission = Permission.READ,
    ) -> list[Officer]:
        """Of these officers, those whom the permission carries to this case."""
        ids = {key for key in officers if key}
        if new := ids - self._asked:
            self._known.update(Officer.objects.filter(is_active=True).in_bulk(new))
            self._asked |= new
        known = [self._known[key] for key in sorted(ids) if key in self._known]
        return [officer for officer in known if has_permission(self._actor(officer, at), permission, case)]

    def _actor(self, officer: Officer, at: datetime) -> Actor:
        key = officer.pk, get_local_date(at)
        if key not in self._actors:
            self._actors[key] = get_actor(officer, at)
        return self._actors[key]


def list_colleagues_with_access(case: CaseState, at: datetime) -> list[Colleague]:
    """Everybody who works at the case's body and may read it, by name, each once; one query."""
    barred, below = get_concerned_officers(case, at), get_subtree(case.entity_id)
    held, first = defaultdict[int, list[Grant]](list), dict[int, Colleague]()
    for who in list_colleagues(case.entity_id, at):
        held[who.id].append(Grant(who.role, case.entity_id, who.unit, below))
        first.setdefault(who.id, who)
    return [
        who
        for key, who in first.items()
        if key not in barred
        and has_permission(Actor(ActorKind.OFFICER, str(key), tuple(held[key])), Permission.READ, case)
    ]
