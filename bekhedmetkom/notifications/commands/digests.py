"""E-mails that list several things: grouped notifications, morning digests and other lists."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from bekhedmetkom.cases.queries import LEADERSHIP_ROLES, QUEUE_LABELS, count_queues, get_brief
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.cases.rules.brief import list_brief_lines
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.queries import get_actor, get_organisation
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date

from ..models import Message, Morning, Notice
from ..queries import filter_notifiable_cases, wants_morning_digest
from ..rendering import MessageRenderer
from ..rules.delivery import get_earliest_send_time
from ..rules.inbox import HOUR, INBOX_RETENTION, InboxCategory
from ..rules.morning_digest import DigestLine, UnseenNews, build_news_lines, build_queue_lines, is_digest_time
from ..rules.templates import Template

log = logging.getLogger(__name__)


def send_grouped_emails(at: datetime) -> int:
    """One e-mail to each officer for whom something has waited long enough; what would join soon goes with it."""
    due = (
        Notice.objects.filter(mail_at__lte=at)
        .order_by("officer")
        .values_list("officer", flat=True)
        .distinct()
    )
    composer, sent = MessageRenderer(), 0
    for officer in Officer.objects.filter(pk__in=list(due)):
        try:
            sent += _send_grouped_email(officer, at, composer)
        except Exception:  # nobody waits for another's; tried again at the next minute
            log.exception("what was gathered for officer %s failed", officer.pk)
    return sent


@transaction.atomic
def _send_grouped_email(officer: Officer, at: datetime, composer: MessageRenderer) -> int:
    """Once under two workers: what the other holds is skipped, what it has let go waits no more."""
    mine = _lock_notices(Notice.objects.filter(officer=officer, mail_at__lte=at + HOUR, at__lte=at))
    if not mine:
        return 0
    news = _list_unseen_news(get_actor(officer, at), at, mine)
    mine.update(mail_at=None, daily=False)
    if not news or not officer.is_active:
        return 0
    said = composer.render_list_email(
        Template.TO_GATHERED, officer.language, build_news_lines(news), "/desk/bell", at
    )
    Message.objects.create(officer=officer, not_before=get_earliest_send_time(at, at_once=False), **said)
    return 1


def send_morning_digests(at: datetime) -> int:
    """The e-mail of the day to everybody at work who has not had it; returns how many went."""
    sent = 0
    for officer in _list_officers_due(at):
        try:
            sent += _send_morning_digest(officer, at)
        except Exception:  # nobody waits for another's; tried again at the next minute
            log.exception("the morning's e-mail of officer %s failed", officer.pk)
    return sent


def _list_officers_due(at: datetime) -> Sequence[Officer]:
    """At their own hour; not who is on leave today."""
    day, calendar = get_local_date(at), get_working_calendar()
    if not is_digest_time(at, calendar, above=True):
        return []
    held = Membership.objects.active_on(day)
    if not is_digest_time(at, calendar, above=False):
        held = held.filter(role__in=LEADERSHIP_ROLES)
    told = Morning.objects.filter(day=day).values("officer")
    away = get_organisation(at).get_absent_officers()
    return list(
        Officer.objects.filter(pk__in=held.values("officer"))
        .exclude(pk__in=told)
        .exclude(pk__in=away)
        .order_by("pk")
    )


@transaction.atomic
def _send_morning_digest(officer: Officer, at: datetime) -> int:
    """Written down first: a second worker waits here, and then finds that it is done."""
    morning, mine = Morning.objects.get_or_create(officer=officer, day=get_local_date(at))
    actor = get_actor(officer, at)
    if (
        not mine
        or not has_permission_anywhere(actor, Permission.READ)
        or not wants_morning_digest(officer.pk)
    ):
        return 0
    above = any(grant.role in LEADERSHIP_ROLES for grant in actor.grants)
    waits = Q(daily=True) | Q(mail_at__lte=at + HOUR)
    pending = _lock_notices(Notice.objects.filter(waits, officer=officer, at__lte=at))
    said = [
        *_build_digest_lines(actor, at, above=above),
        *build_news_lines(_list_unseen_news(actor, at, pending)),
    ]
    pending.update(daily=False, mail_at=None)
    if not said:
        return 0
    template, page = (Template.TO_BRIEF, "/desk/needs-you") if above else (Template.TO_DAILY, "/desk")
    composed = MessageRenderer().render_list_email(template, officer.language, said, page, at)
    morning.message = Message.objects.create(
        officer=officer, not_before=get_earliest_send_time(at, at_once=template.is_immediate), **composed
    )
    morning.save(update_fields=["message"])
    return 1


def _build_digest_lines(actor: Actor, at: datetime, *, above: bool) -> list[DigestLine]:
    if not above:
        return build_queue_lines(count_queues(actor, at), QUEUE_LABELS)
    brief = get_brief(actor, at)
    return [] if brief.empty else [DigestLine(line.words, line.page) for line in list_brief_lines(brief)]


def _lock_notices(pending: QuerySet[Notice]) -> QuerySet[Notice]:
    """These lines as they are now, for this transaction alone: what comes meanwhile waits for the next e-mail."""
    keys = list(pending.select_for_update(skip_locked=True).values_list("pk", flat=True))
    return Notice.objects.filter(pk__in=keys)


def _list_unseen_news(actor: Actor, at: datetime, pending: QuerySet[Notice]) -> list[UnseenNews]:
    """What waits and the officer has not seen, of cases that they may still read."""
    rows = pending.filter(
        seen_at=None, at__gt=at - INBOX_RETENTION, case__in=filter_notifiable_cases(actor)
    ).order_by("at", "pk")
    return [
        UnseenNews(InboxCategory(sort), reference, care != Handling.OPEN)
        for sort, reference, care in rows.values_list("sort", "case__reference", "case__care")
    ]


def send_list_email(
    officer: Officer, template: Template, lines: Sequence[DigestLine], page: str, at: datetime
) -> Message:
    """Line by line, and the page on which all of it is. Whoever calls sees to it that it is told once."""
    said = MessageRenderer().render_list_email(template, officer.language, lines, page, at)
    return Message.objects.create(
        officer=officer, not_before=get_earliest_send_time(at, at_once=template.is_immediate), **said
    )
