"""Looking, each hour, for figures that left their band, and keeping quiet about some for a while."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

import numpy as np
from django.db import transaction

from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ..kept import Alert, Mute
from ..queries.alerts import reach_of
from ..rules.forecast import AHEAD, WARM, WEEK, Day, Numbers, by_week, days_of
from ..rules.unusual import USUAL_AFTER, WATCHED, WEEKS, Band, Over, Week, unusual
from ..series import Series, series

LONGEST = 90  # days that an alert may be muted for
REASON = 300  # letters


def watch(at: datetime) -> int:
    """Begin what is unusual, and end what is so no more; how many began. The same day, the same again: nothing."""
    today = get_local_date(at)
    found = series(today)
    if found.days < WARM + WEEK * (WEEKS + 1):
        return 0
    begun = 0
    standing = {(alert.entity_id, alert.figure): alert for alert in Alert.objects.filter(over=None)}
    for entity, figure, weeks in _weeks(found):
        now, past = weeks[0], weeks[1:]
        alert = standing.get((entity, figure))
        if alert:
            _go_on(alert, now, today)
        elif outside := unusual(WATCHED[figure], past, now):
            usual, side = outside
            row = Alert(
                entity_id=entity, figure=figure, side=side, began=today, on=today, value=now.value, n=round(now.n),
                low=usual.low, middle=usual.middle, high=usual.high, weeks=[week.value for week in reversed(past)],
            )  # fmt: skip
            row.save()
            begun += 1
    return begun


def _go_on(alert: Alert, now: Week, today: date) -> None:
    """What began is held against the band of that day, not against weeks that are unusual themselves."""
    usual = Band(alert.low, alert.middle, alert.high)
    alert.on, alert.value, alert.n = today, now.value, round(now.n)
    if usual.is_back(now.value):
        alert.over, alert.because = today, Over.BACK
    elif today - alert.began >= timedelta(days=USUAL_AFTER):
        alert.over, alert.because = today, Over.USUAL
    alert.save()


def _weeks(found: Series) -> Iterator[tuple[int, str, list[Week]]]:
    """Each watched figure of each body, the last seven days first."""
    days = days_of(get_working_calendar(), found.first, found.days + AHEAD)
    for figure, (values, counts) in _values(found, days).items():
        for entity, row in found.rows.items():
            yield (
                entity,
                figure,
                [Week(float(v), float(n)) for v, n in zip(values[row], counts[row], strict=True)],
            )


def _values(found: Series, days: list[Day]) -> Mapping[str, tuple[Numbers, Numbers]]:
    """By figure: what it was in each of the weeks, and of how many."""
    of = {name: _by_week(counts) for name, counts in found.of.items()}
    ends = {name: _at_ends(found.of[name]) for name in ("waiting", "late")}
    shares = {
        "on_time": (of["kept"], of["kept"] + of["missed"]),
        "solved": (of["yes"], of["yes"] + of["no"]),
        "overdue_share": (ends["late"], ends["waiting"]),
    } | {name: (of[name], by_week(found.of[name], days, WEEKS + 1)) for name in ("received", "answered")}
    return {name: (part / np.maximum(whole, 1e-9), whole) for name, (part, whole) in shares.items()}


def _by_week(counts: Numbers) -> Numbers:
    """Sums of the last weeks, the last first."""
    last = counts[:, -WEEK * (WEEKS + 1) :]
    sums: Numbers = last.reshape(len(last), -1, WEEK).sum(axis=2)[:, ::-1]
    return sums


def _at_ends(stock: Numbers) -> Numbers:
    """What stood at the end of each of the last weeks, the last first."""
    return stock[:, -1 : -WEEK * (WEEKS + 1) : -WEEK]


@transaction.atomic
def mute(*, alert: int, until: date, reason: str, actor: Actor, at: datetime) -> None:
    """Up to and with that day this figure of this body is news to nobody but those above the actor."""
    row = _own(alert, actor)
    today, said = get_local_date(at), " ".join(reason.split())
    if not today <= until <= today + timedelta(days=LONGEST):
        raise InvalidInput(FieldError("until", UNTIL))
    if not 3 <= len(said) <= REASON:
        raise InvalidInput(FieldError("reason", WHY))
    before = Mute.objects.filter(entity=row.entity_id, figure=row.figure).first()
    Mute.objects.update_or_create(
        entity_id=row.entity_id, figure=row.figure,
        defaults={
            "until": until, "reason": said, "officer_id": int(actor.id), "reach": reach_of(actor), "at": at,
        },
    )  # fmt: skip
    _written(row, actor, at, before.until if before else None, until)


@transaction.atomic
def unmute(*, alert: int, actor: Actor, at: datetime) -> None:
    """Tell of it again."""
    row = _own(alert, actor)
    before = Mute.objects.filter(entity=row.entity_id, figure=row.figure).first()
    if before:
        before.delete()
        _written(row, actor, at, before.until, None)


def _own(alert: int, actor: Actor) -> Alert:
    row = Alert.objects.select_for_update().filter(pk=alert).first()
    reach = get_reachable_bodies(actor, Permission.PLAN)
    if row is None or (reach is not None and row.entity_id not in reach):
        raise NotAllowed
    return row


def _written(row: Alert, actor: Actor, at: datetime, before: date | None, after: date | None) -> None:
    ChangeRecord.objects.create(
        at=at, actor=str(actor), model=Mute._meta.label_lower, key=f"{row.entity_id} {row.figure}",
        before=before and {"until": str(before)}, after=after and {"until": str(after)},
    )  # fmt: skip


UNTIL = BilingualText(
    f"اختر يومًا من اليوم حتى {LONGEST} يومًا.", f"Choose a day from today up to {LONGEST} days ahead."
)
WHY = BilingualText(f"اكتب السبب، حتى {REASON} حرف.", f"Say why, in up to {REASON} letters.")
