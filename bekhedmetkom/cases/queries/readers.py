"""Which officers may read a case, by today's memberships: whom it may be spoken of with."""

from collections.abc import Iterable
from datetime import datetime

from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import actor_of
from bekhedmetkom.identity.rules import Permission

from ..rules.access import Located, may


def readers(
    officers: Iterable[int | None], case: Located, at: datetime, permission: Permission = Permission.READ
) -> list[Officer]:
    """Of these officers, those whom the permission carries to this case."""
    ids = {key for key in officers if key}
    known = Officer.objects.filter(pk__in=ids, is_active=True).order_by("pk") if ids else []
    return [officer for officer in known if may(actor_of(officer, at), permission, case)]
