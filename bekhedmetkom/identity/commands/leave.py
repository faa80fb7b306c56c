"""An officer's leave: from a day to a day, with a colleague who deputises. Written down like every change of people."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from bekhedmetkom.entities.commands import struck_out
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.errors import FieldError, Invalid, NotAllowed
from bekhedmetkom.kernel.words import Words

from ..models import Leave, Membership
from .history import as_row, save

LONGEST = 365  # days

_PAST = Words("اختر يومًا من اليوم فصاعدًا.", "Choose today or a day to come.")
_ENDS_FIRST = Words("يوم العودة بعد يوم البداية.", "The day of return comes after the first day.")
_TOO_LONG = Words("الإجازة سنة على الأكثر.", "A leave lasts a year at most.")
_NO_COLLEAGUE = Words("اختر زميلًا من جهتك.", "Choose a colleague of your body.")
_AWAY_TOO = Words("هذا الزميل في إجازة في تلك الأيام.", "This colleague is away on those days.")
_TWICE = Words("لك إجازة مسجلة في هذه الأيام.", "You have a leave on these days already.")


def take_leave(*, since: date, until: date, deputy: int | None, actor: Actor, at: datetime) -> int:
    """Enter one's own leave; `until` is the day of return. Returns its key."""
    officer = actor.officer_id
    if officer is None:
        raise NotAllowed
    _check_days(since, until, local_day(at))
    row = Leave(officer_id=officer, deputy_id=deputy, since=since, until=until)
    try:
        with transaction.atomic():
            if deputy is not None:
                _check_deputy(row)
            save(row, before=None, actor=actor, at=at)
    except IntegrityError as error:
        raise Invalid(FieldError("since", _TWICE)) from error
    return row.pk


def end_leave(*, leave: int, actor: Actor, at: datetime) -> None:
    """Back today: a leave that has begun ends, one that has not is struck out. Again: nothing more."""
    today = local_day(at)
    with transaction.atomic():
        row = Leave.objects.select_for_update().filter(pk=leave, officer=actor.officer_id).first()
        if row is None:
            raise NotAllowed
        if row.since >= today:
            struck_out(row, actor=actor, at=at)
        elif row.until > today:
            before = as_row(row)
            row.until = today
            save(row, before=before, actor=actor, at=at)


def _check_days(since: date, until: date, today: date) -> None:
    if since < today:
        raise Invalid(FieldError("since", _PAST))
    if until <= since:
        raise Invalid(FieldError("until", _ENDS_FIRST))
    if (until - since).days > LONGEST:
        raise Invalid(FieldError("until", _TOO_LONG))


def _check_deputy(leave: Leave) -> None:
    """Somebody else of the same body, who is there on those days."""
    bodies = (
        Membership.objects.on(leave.since)
        .filter(officer=leave.officer_id, entity__isnull=False)
        .values("entity")
    )
    there = Membership.objects.on(leave.since).filter(officer=leave.deputy_id, entity__in=bodies)
    if leave.deputy_id == leave.officer_id or not there.exists():
        raise Invalid(FieldError("deputy", _NO_COLLEAGUE))
    if Leave.objects.filter(officer=leave.deputy_id, since__lt=leave.until, until__gt=leave.since).exists():
        raise Invalid(FieldError("deputy", _AWAY_TOO))
