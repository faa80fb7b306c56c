"""Which figures are unusual now, or were lately, and which of them nobody is to be told of."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor

from ..rules.alerts import BandSide
from ..storage import Alert, Mute

RECENT_PERIOD = timedelta(days=30)  # after it is over
_UNLIMITED_REACH = 2**31 - 1  # more than there are bodies


@dataclass(frozen=True, slots=True)
class MuteDetails:
    until: date
    reason: str
    officer: int
    reach: int


@dataclass(frozen=True, slots=True)
class AlertDetails:
    """`weeks`: the figure in the weeks before it began, the oldest first. `on`: the day of `value`, seven days back."""

    id: int
    entity: int
    figure: str
    side: BandSide
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
    muted: MuteDetails | None


def list_alerts(entities: frozenset[int] | None, today: date) -> list[AlertDetails]:
    """What stands, the newest first; then what was over in the last days."""
    rows = Alert.objects.filter(over=None) | Alert.objects.filter(over__gte=today - RECENT_PERIOD)
    if entities is not None:
        rows = rows.filter(entity__in=entities)
    mutes = {(mute.entity_id, mute.figure): mute for mute in Mute.objects.filter(until__gte=today)}
    found = [_build_alert_details(row, mutes.get((row.entity_id, row.figure))) for row in rows]
    return sorted(found, key=lambda one: (one.over is not None, -one.began.toordinal(), one.id))


def get_reach(actor: Actor) -> int:
    """Of how many bodies the figures are somebody's to act on. A head's silence is no minister's."""
    entities = get_reachable_bodies(actor, Permission.PLAN)
    return _UNLIMITED_REACH if entities is None else len(entities)


def list_current_alerts(actor: Actor, today: date) -> list[AlertDetails]:
    """What an official is to know of now: of the bodies whose figures are theirs to act on, without what is muted."""
    entities = get_reachable_bodies(actor, Permission.PLAN)
    muted = Mute.objects.filter(
        entity_id=OuterRef("entity_id"),
        figure=OuterRef("figure"),
        until__gte=today,
        reach__gte=get_reach(actor),
    )
    rows = Alert.objects.filter(~Exists(muted), over=None).order_by("-began", "id")
    if entities is not None:
        rows = rows.filter(entity__in=entities)
    return [_build_alert_details(row, None) for row in rows]


def _build_alert_details(row: Alert, mute: Mute | None) -> AlertDetails:
    muted = MuteDetails(mute.until, mute.reason, mute.officer_id, mute.reach) if mute else None
    return AlertDetails(
        row.pk, row.entity_id, row.figure, BandSide(row.side), row.began, row.on, row.value, row.n, row.low, row.middle,
        row.high, tuple(row.weeks), row.over, row.because, muted,
    )  # fmt: skip
