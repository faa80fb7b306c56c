"""Looking, each hour, for figures that left their band, and keeping quiet about some for a while."""

import logging
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

import numpy as np
from django.db import transaction

from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.entities.queries import get_tree, get_working_calendar
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.queries import get_actor, get_reachable_bodies
from bekhedmetkom.identity.rules import Permission, Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.notifications.commands import send_list_email
from bekhedmetkom.notifications.rules.morning_digest import DigestLine
from bekhedmetkom.notifications.rules.templates import Template

from ..queries.alerts import get_reach, list_current_alerts
from ..rules.alerts import (
    BASELINE_WEEKS,
    MAX_ALERT_DAYS,
    WATCH_RULES,
    AlertEndReason,
    UsualBand,
    WeekValue,
    find_unusual,
)
from ..rules.forecast import (
    FORECAST_DAYS,
    WARM_UP_DAYS,
    WEEK_DAYS,
    CalendarDay,
    Numbers,
    build_calendar_days,
    predict_past_weeks,
)
from ..rules.indicators import INDICATORS
from ..storage import Alert, Mute
from ..time_series import DailySeries, get_daily_series

MAX_MUTE_DAYS = 90  # days that an alert may be muted for
MAX_REASON_LENGTH = 300  # letters


def update_alerts(at: datetime) -> int:
    """Begin what is unusual, and end what is so no more; how many began. The same day, the same again: nothing."""
    today = get_local_date(at)
    found = get_daily_series(today)
    if found.day_count < WARM_UP_DAYS + WEEK_DAYS * (BASELINE_WEEKS + 1):
        return 0
    begun = 0
    standing = {(alert.entity_id, alert.indicator): alert for alert in Alert.objects.filter(ended_on=None)}
    for entity, figure, weeks in _iterate_weekly_values(found):
        now, past = weeks[0], weeks[1:]
        alert = standing.get((entity, figure))
        if alert:
            _update_alert(alert, now, today)
        elif outside := find_unusual(WATCH_RULES[figure], past, now):
            usual, side = outside
            row = Alert(
                entity_id=entity,
                indicator=figure,
                side=side,
                started_on=today,
                value_on=today,
                value=now.value,
                observations=round(now.observations),
                low=usual.low,
                middle=usual.middle,
                high=usual.high,
                baseline_values=[week.value for week in reversed(past)],
            )
            row.save()
            begun += 1
    return begun


def _update_alert(alert: Alert, now: WeekValue, today: date) -> None:
    """What began is held against the band of that day, not against weeks that are unusual themselves."""
    usual = UsualBand(alert.low, alert.middle, alert.high)
    alert.value_on, alert.value, alert.observations = today, now.value, round(now.observations)
    if usual.has_recovered(now.value):
        alert.ended_on, alert.end_reason = today, AlertEndReason.RECOVERED
    elif today - alert.started_on >= timedelta(days=MAX_ALERT_DAYS):
        alert.ended_on, alert.end_reason = today, AlertEndReason.NEW_NORMAL
    alert.save()


def _iterate_weekly_values(found: DailySeries) -> Iterator[tuple[int, str, list[WeekValue]]]:
    """Each watched figure of each body, the last seven days first."""
    days = build_calendar_days(get_working_calendar(), found.first_day, found.day_count + FORECAST_DAYS)
    for figure, (values, counts) in _compute_weekly_values(found, days).items():
        for entity, row in found.row_of_body.items():
            yield (
                entity,
                figure,
                [WeekValue(float(v), float(n)) for v, n in zip(values[row], counts[row], strict=True)],
            )


def _compute_weekly_values(
    found: DailySeries, days: list[CalendarDay]
) -> Mapping[str, tuple[Numbers, Numbers]]:
    """By figure: what it was in each of the weeks, and of how many."""
    of = {name: _sum_by_week(counts) for name, counts in found.measures.items()}
    ends = {name: _get_week_end_values(found.measures[name]) for name in ("waiting", "late")}
    shares = {
        "on_time": (of["kept"], of["kept"] + of["missed"]),
        "solved": (of["yes"], of["yes"] + of["no"]),
        "overdue_share": (ends["late"], ends["waiting"]),
    } | {
        name: (of[name], predict_past_weeks(found.measures[name], days, BASELINE_WEEKS + 1))
        for name in ("received", "answered")
    }
    return {name: (part / np.maximum(whole, 1e-9), whole) for name, (part, whole) in shares.items()}


def _sum_by_week(counts: Numbers) -> Numbers:
    """Sums of the last weeks, the last first."""
    last = counts[:, -WEEK_DAYS * (BASELINE_WEEKS + 1) :]
    sums: Numbers = last.reshape(len(last), -1, WEEK_DAYS).sum(axis=2)[:, ::-1]
    return sums


def _get_week_end_values(stock: Numbers) -> Numbers:
    """What stood at the end of each of the last weeks, the last first."""
    return stock[:, -1 : -WEEK_DAYS * (BASELINE_WEEKS + 1) : -WEEK_DAYS]


@transaction.atomic
def mute_alert(*, alert: int, until: date, reason: str, actor: Actor, at: datetime) -> None:
    """Up to and with that day this figure of this body is news to nobody but those above the actor."""
    row = _lock_alert(alert, actor)
    today, said = get_local_date(at), " ".join(reason.split())
    if not today <= until <= today + timedelta(days=MAX_MUTE_DAYS):
        raise InvalidInput(FieldError("until", INVALID_MUTE_DAY))
    if not 3 <= len(said) <= MAX_REASON_LENGTH:
        raise InvalidInput(FieldError("reason", INVALID_REASON))
    before = Mute.objects.filter(entity=row.entity_id, indicator=row.indicator).first()
    Mute.objects.update_or_create(
        entity_id=row.entity_id,
        indicator=row.indicator,
        defaults={
            "until": until,
            "reason": said,
            "officer_id": int(actor.id),
            "body_count": get_reach(actor),
            "at": at,
        },
    )
    _record_change(row, actor, at, before.until if before else None, until)


@transaction.atomic
def unmute_alert(*, alert: int, actor: Actor, at: datetime) -> None:
    """Tell of it again."""
    row = _lock_alert(alert, actor)
    before = Mute.objects.filter(entity=row.entity_id, indicator=row.indicator).first()
    if before:
        before.delete()
        _record_change(row, actor, at, before.until, None)


def _lock_alert(alert: int, actor: Actor) -> Alert:
    row = Alert.objects.select_for_update().filter(pk=alert).first()
    reach = get_reachable_bodies(actor, Permission.PLAN)
    if row is None or (reach is not None and row.entity_id not in reach):
        raise NotAllowed
    return row


def _record_change(row: Alert, actor: Actor, at: datetime, before: date | None, after: date | None) -> None:
    ChangeRecord.objects.create(
        at=at,
        actor=str(actor),
        model=Mute._meta.label_lower,
        key=f"{row.entity_id} {row.indicator}",
        before=before and {"until": str(before)},
        after=after and {"until": str(after)},
    )


INVALID_MUTE_DAY = BilingualText(
    f"اختر يومًا من اليوم حتى {MAX_MUTE_DAYS} يومًا.",
    f"Choose a day from today up to {MAX_MUTE_DAYS} days ahead.",
)
INVALID_REASON = BilingualText(
    f"اكتب السبب، حتى {MAX_REASON_LENGTH} حرف.", f"Say why, in up to {MAX_REASON_LENGTH} letters."
)


ALERTS_PAGE = "/dashboard/alerts"
EMAIL_LINE = BilingualText("{figure}، {body}", "{figure}, {body}")

log = logging.getLogger(__name__)


def send_alert_emails(at: datetime) -> int:
    """A mail a body, however many of its figures are new; returns how many went."""
    new = Alert.objects.filter(ended_on=None, is_emailed=False).order_by("entity")
    sent = 0
    for entity in list(new.values_list("entity", flat=True).distinct()):
        try:
            sent += _send_body_alerts(entity, at)
        except Exception:  # no head waits for another's; tried again at the next hour
            log.exception("the alerts of body %s could not be told", entity)
    return sent


@transaction.atomic
def _send_body_alerts(entity: int, at: datetime) -> int:
    """What another worker holds is skipped. What is muted is told when the silence ends, if it still stands."""
    new = Alert.objects.filter(entity=entity, ended_on=None, is_emailed=False).select_for_update(
        skip_locked=True
    )
    waiting, told, sent = {alert.pk for alert in new}, set[int](), 0
    for head in Officer.objects.filter(pk__in=_list_head_ids(entity, at)):
        shown = [
            one for one in list_current_alerts(get_actor(head, at), get_local_date(at)) if one.id in waiting
        ]
        if not shown:
            continue
        body = get_tree()[entity].name
        lines = [
            DigestLine(EMAIL_LINE.format(figure=INDICATORS[one.indicator].name, body=body)) for one in shown
        ]
        send_list_email(head, Template.TO_ALERTS, lines, ALERTS_PAGE, at)
        told.update(one.id for one in shown)
        sent += 1
    Alert.objects.filter(pk__in=told).update(is_emailed=True)
    return sent


def _list_head_ids(entity: int, at: datetime) -> list[int]:
    held = Membership.objects.active_on(get_local_date(at)).filter(entity=entity, role=str(Role.HEAD_OF_BODY))
    return list(held.values_list("officer", flat=True))
