"""Working out what is expected: each hour, for everybody at once."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from bekhedmetkom.entities.queries import get_tree, get_working_calendar
from bekhedmetkom.kernel.clock import get_local_date

from ..kept import Foreseen
from ..queries.forecast import bodies_of_sectors
from ..rules import forecast as rules
from ..rules.forecast import AHEAD, Forecast
from ..rules.scopes import Of, scopes
from ..series import Series, series

RECEIVED, WAITING = "received", "waiting"
FIELDS = ("first", "low", "middle", "high", "error", "usual_error", "tested", "made_at")


def foresee(at: datetime) -> int:
    """Replace what was expected by what is now; how many figures that are."""
    found = series(get_local_date(at))
    rows = [
        Foreseen(
            scope=of.scope, key=of.key, what=what, made_at=at, first=said.days[0].day,
            low=[day.low for day in said.days], middle=[day.middle for day in said.days],
            high=[day.high for day in said.days], error=said.error, usual_error=said.usual_error, tested=said.tested,
        )
        for what, every in _expected(found).items() for of, said in every.items() if said
    ]  # fmt: skip
    with transaction.atomic():
        Foreseen.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["scope", "key", "what"], update_fields=FIELDS
        )
        Foreseen.objects.exclude(made_at=at).delete()
    return len(rows)


def _expected(found: Series) -> Mapping[str, Mapping[Of, Forecast | None]]:
    members = {of: _places(bodies, found) for of, bodies in scopes(bodies_of_sectors(), get_tree().below)}
    some = [of for of, places in members.items() if places]
    if not some:
        return {}
    days = rules.days_of(get_working_calendar(), found.first, found.days + AHEAD)
    came, entered, gone, waiting = (
        rules.summed(found.of[name], [members[of] for of in some])
        for name in ("received", "entered", "gone", "waiting")
    )
    return {
        RECEIVED: dict(zip(some, rules.intake(came, days, found.first), strict=True)),
        WAITING: dict(zip(some, rules.backlog(entered, gone, waiting, days, found.first), strict=True)),
    }


def _places(bodies: frozenset[int] | None, found: Series) -> list[int]:
    return [row for entity, row in found.rows.items() if bodies is None or entity in bodies]
