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
    body_count: int


@dataclass(frozen=True, slots=True)
class AlertDetails:
    """`weeks`: the figure in the weeks before it began, the oldest first. `on`: the day of `value`, seven days back."""

    id: int
    entity: int
    indicator: str
    side: BandSide
    started_on: date
    value_on: date
    value: float
    observations: int
    low: float
    middle: float
    high: float
    baseline_values: tuple[float, ...]
    ended_on: date | None
    end_reason: str
    mute: MuteDetails | None


def list_alerts(entities: frozenset[int] | None, today: date) -> list[AlertDetails]:
    """What stands, the newest first; then what was over in the last days."""
    rows = Alert.objects.filter(ended_on=None) | Alert.objects.filter(ended_on__gte=today - RECENT_PERIOD)
    if entities is not None:
        rows = rows.filter(entity__in=entities)
    mutes = {(mute.entity_id, mute.indicator): mute for mute in Mute.objects.filter(until__gte=today)}
    found = [_build_alert_details(row, mutes.get((row.entity_id, row.indicator))) for row in rows]
    return sorted(found, key=lambda one: (one.ended_on is not None, -one.started_on.toordinal(), one.id))


def get_reach(actor: Actor) -> int:
    """Of how many bodies the figures are somebody's to act on. A head's silence is no minister's."""
    entities = get_reachable_bodies(actor, Permission.PLAN)
    return _UNLIMITED_REACH if entities is None else len(entities)


def list_current_alerts(actor: Actor, today: date) -> list[AlertDetails]:
    """What an official is to know of now: of the bodies whose figures are theirs to act on, without what is muted."""
    entities = get_reachable_bodies(actor, Permission.PLAN)
    muted = Mute.objects.filter(
        entity_id=OuterRef("entity_id"),
        indicator=OuterRef("indicator"),
        until__gte=today,
        body_count__gte=get_reach(actor),
    )
    rows = Alert.objects.filter(~Exists(muted), ended_on=None).order_by("-started_on", "id")
    if entities is not None:
        rows = rows.filter(entity__in=entities)
    return [_build_alert_details(row, None) for row in rows]


def _build_alert_details(row: Alert, mute: Mute | None) -> AlertDetails:
    muted = MuteDetails(mute.until, mute.reason, mute.officer_id, mute.body_count) if mute else None
    return AlertDetails(
        row.pk,
        row.entity_id,
        row.indicator,
        BandSide(row.side),
        row.started_on,
        row.value_on,
        row.value,
        row.observations,
        row.low,
        row.middle,
        row.high,
        tuple(row.baseline_values),
        row.ended_on,
        row.end_reason,
        muted,
    )
