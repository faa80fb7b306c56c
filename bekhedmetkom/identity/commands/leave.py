"""An officer's leave, with a deputy. Changes are logged."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from bekhedmetkom.entities.commands import delete_row
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ..models import Leave, Membership
from .change_log import save_change, serialise_row

MAX_LEAVE_DAYS = 365  # days

_PAST_DATE = BilingualText("اختر يومًا من اليوم فصاعدًا.", "Choose today or a day to come.")
_ENDS_BEFORE_START = BilingualText(
    "يوم العودة بعد يوم البداية.", "The day of return comes after the first day."
)
_TOO_LONG = BilingualText("الإجازة سنة على الأكثر.", "A leave lasts a year at most.")
_NO_COLLEAGUE = BilingualText("اختر زميلًا من جهتك.", "Choose a colleague of your body.")
_DEPUTY_AWAY = BilingualText("هذا الزميل في إجازة في تلك الأيام.", "This colleague is away on those days.")
_OVERLAPPING_LEAVE = BilingualText("لك إجازة مسجلة في هذه الأيام.", "You have a leave on these days already.")


def take_leave(*, since: date, until: date, deputy: int | None, actor: Actor, at: datetime) -> int:
    """Enter one's own leave; `until` is the day of return. Returns its key. Raises `InvalidInput`."""
    officer = actor.officer_id
    if officer is None:
        raise NotAllowed
    _check_days(since, until, get_local_date(at))
    row = Leave(officer_id=officer, deputy_id=deputy, since=since, until=until)
    try:
        with transaction.atomic():
            if deputy is not None:
                _check_deputy(row)
            save_change(row, before=None, actor=actor, at=at)
    except IntegrityError as error:
        raise InvalidInput(FieldError("since", _OVERLAPPING_LEAVE)) from error
    return row.pk


def end_leave(*, leave: int, actor: Actor, at: datetime) -> None:
    """End a started leave today, or delete a future one. Idempotent."""
    today = get_local_date(at)
    with transaction.atomic():
        row = Leave.objects.select_for_update().filter(pk=leave, officer=actor.officer_id).first()
        if row is None:
            raise NotAllowed
        if row.since >= today:
            delete_row(row, actor=actor, at=at)
        elif row.until > today:
            before = serialise_row(row)
            row.until = today
            save_change(row, before=before, actor=actor, at=at)


def _check_days(since: date, until: date, today: date) -> None:
    if since < today:
        raise InvalidInput(FieldError("since", _PAST_DATE))
    if until <= since:
        raise InvalidInput(FieldError("until", _ENDS_BEFORE_START))
    if (until - since).days > MAX_LEAVE_DAYS:
        raise InvalidInput(FieldError("until", _TOO_LONG))


def _check_deputy(leave: Leave) -> None:
    """The deputy is another officer of the same body who is present on those days."""
    bodies = (
        Membership.objects.active_on(leave.since)
        .filter(officer=leave.officer_id, entity__isnull=False)
        .values("entity")
    )
    there = Membership.objects.active_on(leave.since).filter(officer=leave.deputy_id, entity__in=bodies)
    if leave.deputy_id == leave.officer_id or not there.exists():
        raise InvalidInput(FieldError("deputy", _NO_COLLEAGUE))
    if Leave.objects.filter(officer=leave.deputy_id, since__lt=leave.until, until__gt=leave.since).exists():
        raise InvalidInput(FieldError("deputy", _DEPUTY_AWAY))
