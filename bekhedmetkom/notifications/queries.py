"""Queries of message texts, messages and inbox lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries.visibility import build_request_filter, build_visibility_filter
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.text import BilingualText

from .encryption import hash_messenger_key
from .models import Choice, Message, MessengerPerson, Notice, Stop
from .models import Wording as Row
from .reachability import PushSubscription
from .rules.delivery import Channel
from .rules.inbox import (
    CONFIDENTIAL_TEXT,
    DEFAULT_EMAIL_FREQUENCY,
    INBOX_RETENTION,
    INBOX_TEXTS,
    MORNING_DIGEST,
    EmailFrequency,
    InboxCategory,
)
from .rules.messenger import MessagingWindow, get_messaging_window
from .rules.templates import MessageText, Template
from .rules.texts.default_texts import get_default_text

MAX_INBOX_LINES = 100  # of the bell's lines; beyond, it is no bell any more
MAX_UNSEEN_COUNT = 99  # "99+" beyond

TextKey = tuple[Template, Channel, str]


def get_custom_texts() -> dict[TextKey, MessageText]:
    """The administrators' own words, the newest version of each."""
    rows = Row.objects.order_by("template", "channel", "language", "-version").distinct(
        "template", "channel", "language"
    )
    return {
        (Template(row.template), Channel(row.channel), row.language): MessageText(row.subject, row.body)
        for row in rows
    }


def find_messenger_stop(at: datetime) -> Stop | None:
    """What stops Messenger, if anything does: our key was refused, or the page is restricted for a while."""
    if not settings.MESSENGER_PAGE_TOKEN:
        return None
    holds = Q(until__gt=at) | Q(until=None)
    return Stop.objects.filter(holds, channel=str(Channel.MESSENGER), key=hash_messenger_key()).first()


def get_messenger_window(psid: str, at: datetime) -> MessagingWindow:
    """Who may write to this person by Messenger at that time."""
    person = MessengerPerson.objects.filter(psid=psid, refused=False).first()
    return get_messaging_window(person.heard_at, at) if person else MessagingWindow.CLOSED


@dataclass(frozen=True, slots=True)
class TemplateVariant:
    """A template on one way in one language, as it is said now; `is_custom`: not the default text."""

    template: Template
    channel: Channel
    language: str
    text: MessageText
    is_custom: bool


def list_template_variants(template: Template) -> list[TemplateVariant]:
    """All ways and languages in which a template is said."""
    changed = get_custom_texts()
    found = []
    for channel in Channel:
        for language in ("ar", "en"):
            if own := get_default_text(template, channel, language):
                now = changed.get((template, channel, language), own)
                found.append(TemplateVariant(template, channel, language, now, now != own))
    return found


def find_case_of_message(message: int) -> UUID | None:
    """The case whose citizen a message was for; `None` for an officer's, a code's, or no message at all."""
    return Message.objects.filter(pk=message, officer=None).values_list("case", flat=True).first()


def count_devices(case: UUID) -> int:
    """How many of its citizen's devices are told of a case."""
    return PushSubscription.objects.filter(case=case).count()


def get_email_preferences(officer: int) -> dict[InboxCategory, EmailFrequency]:
    """How the officer wants to hear of each sort."""
    return build_email_preferences(Choice.objects.filter(officer=officer).values_list("about", "mail"))


def build_email_preferences(said: Iterable[tuple[str, str]]) -> dict[InboxCategory, EmailFrequency]:
    """The same from pairs of what was chosen; as is usual where nothing was."""
    known = dict(said)
    return {sort: EmailFrequency(known.get(sort, usual)) for sort, usual in DEFAULT_EMAIL_FREQUENCY.items()}


def wants_morning_digest(officer: int) -> bool:
    """Whether the morning's e-mail comes to the officer; it does unless they said no."""
    return not Choice.objects.filter(
        officer=officer, about=MORNING_DIGEST, mail=EmailFrequency.NEVER
    ).exists()


@dataclass(frozen=True, slots=True)
class SmsUsage:
    """SMS of one day: messages, and the parts in which they went, which is what carriers charge for."""

    day: date
    messages: int
    parts: int


def list_sms_usage(since: datetime, until: datetime) -> list[SmsUsage]:
    """What was handed over between these moments, by day in Amman, the newest first."""
    paid = Message.objects.filter(sms_parts__gt=0, sent_at__gte=since, sent_at__lt=until)
    days = paid.annotate(day=TruncDate("sent_at", tzinfo=AMMAN)).values("day").order_by("-day")
    return [SmsUsage(*row) for row in days.values_list("day").annotate(Count("id"), Sum("sms_parts"))]


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A line of the bell. `new`: the officer has not seen it. What is need-to-know says only that it is news."""

    id: int
    event_id: int
    text: BilingualText
    reference: str
    entity_id: int
    at: datetime
    is_new: bool


def count_unseen_lines(viewer: Actor, now: datetime) -> int:
    """How much on the officer's bell they have not seen, counted to `UNSEEN` and one more."""
    return (
        _filter_visible_notices(viewer, now).filter(seen_at=None).order_by()[: MAX_UNSEEN_COUNT + 1].count()
    )


def list_inbox_lines(viewer: Actor, now: datetime) -> list[InboxLine]:
    """The bell's newest lines, of cases that the officer may still read."""
    columns = ("id", "event", "template", "case__care", "case__reference", "case__entity", "at", "seen_at")
    return [
        InboxLine(
            key,
            event,
            INBOX_TEXTS[Template(template)].text if care == Handling.OPEN else CONFIDENTIAL_TEXT,
            reference,
            entity,
            at,
            seen is None,
        )
        for key, event, template, care, reference, entity, at, seen in (
            _filter_visible_notices(viewer, now)
            .order_by("-at", "-id")
            .values_list(*columns)[:MAX_INBOX_LINES]
        )
    ]


def _filter_visible_notices(viewer: Actor, now: datetime) -> QuerySet[Notice]:
    recent = Notice.objects.filter(officer=viewer.officer_id, at__lte=now, at__gt=now - INBOX_RETENTION)
    return recent.filter(case__in=filter_notifiable_cases(viewer))


def filter_notifiable_cases(viewer: Actor) -> QuerySet[Case, Any]:
    """The cases of which the officer may hear: theirs, and those in which something is asked of them."""
    return Case.objects.filter(build_visibility_filter(viewer) | build_request_filter(viewer)).values("pk")
