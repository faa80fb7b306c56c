"""Which officers may read a case, by today's memberships: whom it may be spoken of with."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from bekhedmetkom.entities.queries import subtree
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import Colleague, actor_of, colleagues
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor, ActorKind, Grant

from ..rules.access import Located, may
from ..rules.standing import Standing
from .clear import concerned


def readers(
    officers: Iterable[int | None], case: Located, at: datetime, permission: Permission = Permission.READ
) -> list[Officer]:
    """Of these officers, those whom the permission carries to this case."""
    ids = {key for key in officers if key}
    known = Officer.objects.filter(pk__in=ids, is_active=True).order_by("pk") if ids else []
    return [officer for officer in known if may(actor_of(officer, at), permission, case)]


def colleagues_reading(case: Standing, at: datetime) -> list[Colleague]:
    """Everybody who works at the case's body and may read it, by name, each once; one query."""
    barred, below = concerned(case, at), subtree(case.entity_id)
    held, first = defaultdict[int, list[Grant]](list), dict[int, Colleague]()
    for who in colleagues(case.entity_id, at):
        held[who.id].append(Grant(who.role, case.entity_id, who.unit, below))
        first.setdefault(who.id, who)
    return [
        who for key, who in first.items()
        if key not in barred and may(Actor(ActorKind.OFFICER, str(key), tuple(held[key])), Permission.READ, case)
    ]  # fmt: skip
