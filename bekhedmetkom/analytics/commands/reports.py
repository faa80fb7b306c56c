"""Making the reports of months that have ended, each once and for good, and telling by mail who wants them.

Only the worker makes them: it sees every case, and what is kept must not depend on who asked first.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import transaction

from bekhedmetkom.entities.queries import get_tree, get_working_calendar
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import get_actor, get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import AMMAN, get_local_date
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.notifications.commands import send_list_email
from bekhedmetkom.notifications.rules.morning_digest import BRIEF_TIME, DigestLine, is_digest_time
from bekhedmetkom.notifications.rules.templates import Template

from ..queries.dashboard import get_recorded_until
from ..queries.reports import REPORT_ADAPTER, build_report, list_active_bodies, list_months
from ..rules.reports import CABINET, build_address, build_title, get_next_month, get_previous_month
from ..storage import MonthReport, ReportEmail, ReportSubscription

MAX_REPORTS_PER_RUN = 300  # reports made in one go; the next hour goes on

log = logging.getLogger(__name__)


def make_reports(at: datetime, most: int = MAX_REPORTS_PER_RUN) -> int:
    """Whatever is missing of months that have ended, the newest month first; how many were made."""
    made = 0
    for entity, month in _list_missing_reports(at):
        if made == most:
            break
        _create_report(entity, month, at)
        made += 1
    return made


def _list_missing_reports(at: datetime) -> Iterator[tuple[int | None, date]]:
    read = get_recorded_until(at)
    for month, cabinets in list_months(None, get_local_date(at)):
        if read < _get_midnight(get_next_month(month)):
            continue  # the roll-ups have not read to its end
        if cabinets is None:
            yield None, month
        done = set(MonthReport.objects.filter(month=month).values_list("entity", flat=True))
        yield from ((body, month) for body in list_active_bodies(month) if body not in done)


def _create_report(entity: int | None, month: date, at: datetime) -> None:
    """Who comes second keeps what is there."""
    content = REPORT_ADAPTER.dump_json(build_report(entity, month, at)).decode()
    row = MonthReport(
        entity_id=entity,
        month=month,
        created_at=at,
        content=content,
        sha256=sha256(content.encode()).hexdigest(),
    )
    MonthReport.objects.bulk_create([row], ignore_conflicts=True)


def subscribe_to_report(*, entity: int | None, actor: Actor, at: datetime) -> None:
    """The report comes by mail from the next month's on."""
    _require_watch_permission(actor, entity)
    row = ReportSubscription(officer_id=int(actor.id), entity_id=entity, since=at)
    ReportSubscription.objects.bulk_create([row], ignore_conflicts=True)


def unsubscribe_from_report(*, entity: int | None, actor: Actor) -> None:
    """It comes no more."""
    ReportSubscription.objects.filter(officer=int(actor.id), entity=entity).delete()


def _require_watch_permission(actor: Actor, entity: int | None) -> None:
    reach = get_reachable_bodies(actor, Permission.WATCH)
    if reach is not None and (entity is None or entity not in reach):
        raise NotAllowed


def send_report_emails(at: datetime) -> int:
    """On the month's first working day from half past seven, to everybody who wants one; returns how many went.

    What could not go then goes at the next hour at which it may.
    """
    calendar, today = get_working_calendar(), get_local_date(at)
    if not is_digest_time(at, calendar, above=True):
        return 0
    first = next(
        day for n in range(31) if calendar.is_open_day(day := today.replace(day=1) + timedelta(days=n))
    )
    opened, month, sent = datetime.combine(first, BRIEF_TIME, AMMAN), get_previous_month(today), 0
    told = ReportEmail.objects.filter(month=month).values("officer")
    wanting = ReportSubscription.objects.filter(since__lt=opened).exclude(officer__in=told)
    for officer in Officer.objects.filter(pk__in=wanting.values("officer")).order_by("pk"):
        try:
            sent += _send_report_email(officer, month, opened, at)
        except Exception:  # nobody waits for another's; tried again at the next minute
            log.exception("the mail of a month's reports to officer %s failed", officer.pk)
    return sent


@transaction.atomic
def _send_report_email(officer: Officer, month: date, opened: datetime, at: datetime) -> int:
    """Written down first: a second worker waits here, and then finds that it is done."""
    told, mine = ReportEmail.objects.get_or_create(officer=officer, month=month)
    if not mine:
        return 0
    wanted = list(
        ReportSubscription.objects.filter(officer=officer, since__lt=opened)
        .order_by("entity")
        .values_list("entity", flat=True)
    )
    ready = set(MonthReport.objects.filter(month=month).values_list("entity", flat=True))
    theirs = _filter_permitted(officer, wanted, at)
    if not ready.issuperset(theirs):
        told.delete()  # one of them is not made yet
        return 0
    if not theirs or not officer.is_active:
        return 0
    told.message = send_list_email(
        officer, Template.TO_REPORTS, _build_email_lines(theirs, month), "/dashboard/reports", at
    )
    told.save(update_fields=["message"])
    return 1


def _filter_permitted(officer: Officer, wanted: Sequence[int | None], at: datetime) -> list[int | None]:
    """Of what somebody once chose, that which is still theirs to watch."""
    reach = get_reachable_bodies(get_actor(officer, at), Permission.WATCH)
    return [entity for entity in wanted if reach is None or entity in reach]


def _build_email_lines(reports: Collection[int | None], month: date) -> list[DigestLine]:
    return [
        DigestLine(build_title(of, month), build_address(code, month))
        for of, code in map(_get_name_and_code, reports)
    ]


def _get_name_and_code(entity: int | None) -> tuple[BilingualText | None, str]:
    return (None, CABINET) if entity is None else (get_tree()[entity].name, get_tree()[entity].code)


def _get_midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=AMMAN)
