"""What is expected of the next 14 days, as the last hour worked it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bekhedmetkom.entities.queries import get_sectors, get_tree

from ..kept import Foreseen
from ..rules.forecast import Expected, Forecast
from ..rules.scopes import scope_of


@dataclass(frozen=True, slots=True)
class Outlook:
    """`intake` and `backlog` are None where there is too little to say anything from."""

    made_at: datetime
    intake: Forecast | None
    backlog: Forecast | None


def forecast(entities: frozenset[int] | None, today: date) -> Outlook | None:
    """Of all bodies (None), a sector, a body, or a body with those below it; None for any other choice of bodies.

    Days that have begun are left out: what was expected of today is no news any more.
    """
    of = scope_of(entities, bodies_of_sectors(), get_tree().below)
    rows = {row.what: row for row in Foreseen.objects.filter(scope=of.scope, key=of.key)} if of else {}
    if not rows:
        return None
    made_at = next(iter(rows.values())).made_at
    return Outlook(made_at, *(_said(rows.get(what), today) for what in ("received", "waiting")))


def _said(row: Foreseen | None, today: date) -> Forecast | None:
    if row is None:
        return None
    days = [
        Expected(row.first + timedelta(n), *numbers)
        for n, numbers in enumerate(zip(row.low, row.middle, row.high, strict=True))
    ]
    return Forecast([one for one in days if one.day >= today], row.error, row.usual_error, row.tested)


def bodies_of_sectors() -> Mapping[int, frozenset[int]]:
    """The bodies of each sector, closed ones too."""
    return {
        sector: frozenset(body.id for body in get_tree() if body.sector == sector) for sector in get_sectors()
    }
