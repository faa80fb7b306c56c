"""Which figures are unusual now, or were lately, and which of them nobody is to be told of."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor

from ..kept import Alert, Mute
from ..rules.unusual import Side

SHOWN = timedelta(days=30)  # after it is over
_EVERYWHERE = 2**31 - 1  # more than there are bodies


@dataclass(frozen=True, slots=True)
class Muted:
    until: date
    reason: str
    officer: int
    reach: int


@dataclass(frozen=True, slots=True)
class Unusual:
    """`weeks`: the figure in the weeks before it began, the oldest first. `on`: the day of `value`, seven days back."""

    id: int
    entity: int
    figure: str
    side: Side
    began: date
    on: date
    value: float
    n: int
    low: float
    middle: float
    high: float
    weeks: tuple[float, ...]
    over: date | None
    because: str
    muted: Muted | None


def alerts(entities: frozenset[int] | None, today: date) -> list[Unusual]:
    """What stands, the newest first; then what was over in the last days."""
    rows = Alert.objects.filter(over=None) | Alert.objects.filter(over__gte=today - SHOWN)
    if entities is not None:
        rows = rows.filter(entity__in=entities)
    mutes = {(mute.entity_id, mute.figure): mute for mute in Mute.objects.filter(until__gte=today)}
    found = [_said(row, mutes.get((row.entity_id, row.figure))) for row in rows]
    return sorted(found, key=lambda one: (one.over is not None, -one.began.toordinal(), one.id))


def reach_of(actor: Actor) -> int:
    """Of how many bodies the figures are somebody's to act on. A head's silence is no minister's."""
    entities = get_reachable_bodies(actor, Permission.PLAN)
    return _EVERYWHERE if entities is None else len(entities)


def unusual_now(actor: Actor, today: date) -> list[Unusual]:
    """What an official is to know of now: of the bodies whose figures are theirs to act on, without what is muted."""
    entities = get_reachable_bodies(actor, Permission.PLAN)
    muted = Mute.objects.filter(
        entity_id=OuterRef("entity_id"),
        figure=OuterRef("figure"),
        until__gte=today,
        reach__gte=reach_of(actor),
    )
    rows = Alert.objects.filter(~Exists(muted), over=None).order_by("-began", "id")
    if entities is not None:
        rows = rows.filter(entity__in=entities)
    return [_said(row, None) for row in rows]


def _said(row: Alert, mute: Mute | None) -> Unusual:
    muted = Muted(mute.until, mute.reason, mute.officer_id, mute.reach) if mute else None
    return Unusual(
        row.pk, row.entity_id, row.figure, Side(row.side), row.began, row.on, row.value, row.n, row.low, row.middle,
        row.high, tuple(row.weeks), row.over, row.because, muted,
    )  # fmt: skip
