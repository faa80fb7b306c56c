"""E-mails of many things: what came too thick within an hour, and the morning's, each once whoever runs when."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from bekhedmetkom.cases.queries import HIGHER, QUEUE_WORDS, brief_of, desk_counts
from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.cases.rules.brief import lines
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.queries import get_actor, get_organisation
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date

from ..composing import Composer
from ..models import Message, Morning, Notice
from ..queries import told_of, wants_mornings
from ..rules.delivery import not_before
from ..rules.morning import News, Said, gathered, is_time, waiting
from ..rules.news import HOUR, KEPT, Sort
from ..rules.templates import Template

log = logging.getLogger(__name__)


def gather(at: datetime) -> int:
    """One e-mail to each officer for whom something has waited long enough; what would join soon goes with it."""
    due = (
        Notice.objects.filter(mail_at__lte=at)
        .order_by("officer")
        .values_list("officer", flat=True)
        .distinct()
    )
    composer, sent = Composer(), 0
    for officer in Officer.objects.filter(pk__in=list(due)):
        try:
            sent += _gather(officer, at, composer)
        except Exception:  # nobody waits for another's; tried again at the next minute
            log.exception("what was gathered for officer %s failed", officer.pk)
    return sent


@transaction.atomic
def _gather(officer: Officer, at: datetime, composer: Composer) -> int:
    """Once under two workers: what the other holds is skipped, what it has let go waits no more."""
    mine = _held(Notice.objects.filter(officer=officer, mail_at__lte=at + HOUR, at__lte=at))
    if not mine:
        return 0
    news = _news(get_actor(officer, at), at, mine)
    mine.update(mail_at=None, daily=False)
    if not news or not officer.is_active:
        return 0
    said = composer.of_many(Template.TO_GATHERED, officer.language, gathered(news), "/desk/bell", at)
    Message.objects.create(officer=officer, not_before=not_before(at, at_once=False), **said)
    return 1


def tell_mornings(at: datetime) -> int:
    """The e-mail of the day to everybody at work who has not had it; returns how many went."""
    sent = 0
    for officer in _not_told_yet(at):
        try:
            sent += _tell_morning(officer, at)
        except Exception:  # nobody waits for another's; tried again at the next minute
            log.exception("the morning's e-mail of officer %s failed", officer.pk)
    return sent


def _not_told_yet(at: datetime) -> Sequence[Officer]:
    """At their own hour; not who is on leave today."""
    day, calendar = get_local_date(at), get_working_calendar()
    if not is_time(at, calendar, above=True):
        return []
    held = Membership.objects.active_on(day)
    if not is_time(at, calendar, above=False):
        held = held.filter(role__in=HIGHER)
    told = Morning.objects.filter(day=day).values("officer")
    away = get_organisation(at).get_absent_officers()
    return list(
        Officer.objects.filter(pk__in=held.values("officer"))
        .exclude(pk__in=told)
        .exclude(pk__in=away)
        .order_by("pk")
    )


@transaction.atomic
def _tell_morning(officer: Officer, at: datetime) -> int:
    """Written down first: a second worker waits here, and then finds that it is done."""
    morning, mine = Morning.objects.get_or_create(officer=officer, day=get_local_date(at))
    actor = get_actor(officer, at)
    if not mine or not holds(actor, Permission.READ) or not wants_mornings(officer.pk):
        return 0
    above = any(grant.role in HIGHER for grant in actor.grants)
    waits = Q(daily=True) | Q(mail_at__lte=at + HOUR)
    pending = _held(Notice.objects.filter(waits, officer=officer, at__lte=at))
    said = [*_lines(actor, at, above=above), *gathered(_news(actor, at, pending))]
    pending.update(daily=False, mail_at=None)
    if not said:
        return 0
    template, page = (Template.TO_BRIEF, "/desk/needs-you") if above else (Template.TO_DAILY, "/desk")
    composed = Composer().of_many(template, officer.language, said, page, at)
    morning.message = Message.objects.create(
        officer=officer, not_before=not_before(at, at_once=template.at_once), **composed
    )
    morning.save(update_fields=["message"])
    return 1


def _lines(actor: Actor, at: datetime, *, above: bool) -> list[Said]:
    if not above:
        return waiting(desk_counts(actor, at), QUEUE_WORDS)
    brief = brief_of(actor, at)
    return [] if brief.empty else [Said(line.words, line.page) for line in lines(brief)]


def _held(pending: QuerySet[Notice]) -> QuerySet[Notice]:
    """These lines as they are now, for this transaction alone: what comes meanwhile waits for the next e-mail."""
    keys = list(pending.select_for_update(skip_locked=True).values_list("pk", flat=True))
    return Notice.objects.filter(pk__in=keys)


def _news(actor: Actor, at: datetime, pending: QuerySet[Notice]) -> list[News]:
    """What waits and the officer has not seen, of cases that they may still read."""
    rows = pending.filter(seen_at=None, at__gt=at - KEPT, case__in=told_of(actor)).order_by("at", "pk")
    return [
        News(Sort(sort), reference, care != Handling.OPEN)
        for sort, reference, care in rows.values_list("sort", "case__reference", "case__care")
    ]
