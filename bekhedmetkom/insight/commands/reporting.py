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
from bekhedmetkom.messages.commands import tell_lines
from bekhedmetkom.messages.rules.morning import BRIEF_AT, Said, is_time
from bekhedmetkom.messages.rules.templates import Template

from ..queries.board import as_of
from ..queries.reports import REPORT, bodies_with_work, months, report_now
from ..reported import MonthReport, ReportMail, Subscriber
from ..rules.reports import CABINET, address, month_before, next_month, title

MOST = 300  # reports made in one go; the next hour goes on

log = logging.getLogger(__name__)


def make_reports(at: datetime, most: int = MOST) -> int:
    """Whatever is missing of months that have ended, the newest month first; how many were made."""
    made = 0
    for entity, month in _missing(at):
        if made == most:
            break
        _make(entity, month, at)
        made += 1
    return made


def _missing(at: datetime) -> Iterator[tuple[int | None, date]]:
    read = as_of(at)
    for month, cabinets in months(None, get_local_date(at)):
        if read < _midnight(next_month(month)):
            continue  # the roll-ups have not read to its end
        if cabinets is None:
            yield None, month
        done = set(MonthReport.objects.filter(month=month).values_list("entity", flat=True))
        yield from ((body, month) for body in bodies_with_work(month) if body not in done)


def _make(entity: int | None, month: date, at: datetime) -> None:
    """Who comes second keeps what is there."""
    content = REPORT.dump_json(report_now(entity, month, at)).decode()
    row = MonthReport(
        entity_id=entity,
        month=month,
        made_at=at,
        content=content,
        sha256=sha256(content.encode()).hexdigest(),
    )
    MonthReport.objects.bulk_create([row], ignore_conflicts=True)


def subscribe(*, entity: int | None, actor: Actor, at: datetime) -> None:
    """The report comes by mail from the next month's on."""
    _watched(actor, entity)
    row = Subscriber(officer_id=int(actor.id), entity_id=entity, since=at)
    Subscriber.objects.bulk_create([row], ignore_conflicts=True)


def unsubscribe(*, entity: int | None, actor: Actor) -> None:
    """It comes no more."""
    Subscriber.objects.filter(officer=int(actor.id), entity=entity).delete()


def _watched(actor: Actor, entity: int | None) -> None:
    reach = get_reachable_bodies(actor, Permission.WATCH)
    if reach is not None and (entity is None or entity not in reach):
        raise NotAllowed


def mail_reports(at: datetime) -> int:
    """On the month's first working day from half past seven, to everybody who wants one; returns how many went.

    What could not go then goes at the next hour at which it may.
    """
    calendar, today = get_working_calendar(), get_local_date(at)
    if not is_time(at, calendar, above=True):
        return 0
    first = next(
        day for n in range(31) if calendar.is_open_day(day := today.replace(day=1) + timedelta(days=n))
    )
    opened, month, sent = datetime.combine(first, BRIEF_AT, AMMAN), month_before(today), 0
    told = ReportMail.objects.filter(month=month).values("officer")
    wanting = Subscriber.objects.filter(since__lt=opened).exclude(officer__in=told)
    for officer in Officer.objects.filter(pk__in=wanting.values("officer")).order_by("pk"):
        try:
            sent += _mail(officer, month, opened, at)
        except Exception:  # nobody waits for another's; tried again at the next minute
            log.exception("the mail of a month's reports to officer %s failed", officer.pk)
    return sent


@transaction.atomic
def _mail(officer: Officer, month: date, opened: datetime, at: datetime) -> int:
    """Written down first: a second worker waits here, and then finds that it is done."""
    told, mine = ReportMail.objects.get_or_create(officer=officer, month=month)
    if not mine:
        return 0
    wanted = list(
        Subscriber.objects.filter(officer=officer, since__lt=opened)
        .order_by("entity")
        .values_list("entity", flat=True)
    )
    ready = set(MonthReport.objects.filter(month=month).values_list("entity", flat=True))
    theirs = _theirs(officer, wanted, at)
    if not ready.issuperset(theirs):
        told.delete()  # one of them is not made yet
        return 0
    if not theirs or not officer.is_active:
        return 0
    told.message = tell_lines(officer, Template.TO_REPORTS, _lines(theirs, month), "/dashboard/reports", at)
    told.save(update_fields=["message"])
    return 1


def _theirs(officer: Officer, wanted: Sequence[int | None], at: datetime) -> list[int | None]:
    """Of what somebody once chose, that which is still theirs to watch."""
    reach = get_reachable_bodies(get_actor(officer, at), Permission.WATCH)
    return [entity for entity in wanted if reach is None or entity in reach]


def _lines(reports: Collection[int | None], month: date) -> list[Said]:
    return [Said(title(of, month), address(code, month)) for of, code in map(_named, reports)]


def _named(entity: int | None) -> tuple[BilingualText | None, str]:
    return (None, CABINET) if entity is None else (get_tree()[entity].words, get_tree()[entity].code)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=AMMAN)
