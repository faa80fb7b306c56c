"""What is asked of messages: the words that hold now, and what was or would have been sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries.visible import asked, visible
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.text import BilingualText

from .models import Choice, Message, MessengerPerson, Notice, Stop
from .models import Wording as Row
from .reached import PushSubscription
from .rules.delivery import Channel
from .rules.messenger import Window, window
from .rules.news import DISCREET, KEPT, LINES, MORNING, USUAL, Mail, Sort
from .rules.templates import Template
from .rules.text import Wording
from .rules.texts import original
from .sealing import messenger_key

NEWEST = 100  # of the bell's lines; beyond, it is no bell any more
UNSEEN = 99  # "99+" beyond

Key = tuple[Template, Channel, str]


def newest_wordings() -> dict[Key, Wording]:
    """The administrators' own words, the newest version of each."""
    rows = Row.objects.order_by("template", "channel", "language", "-version").distinct(
        "template", "channel", "language"
    )
    return {
        (Template(row.template), Channel(row.channel), row.language): Wording(row.subject, row.body)
        for row in rows
    }


def messenger_stop(at: datetime) -> Stop | None:
    """What stops Messenger, if anything does: our key was refused, or the page is restricted for a while."""
    if not settings.MESSENGER_PAGE_TOKEN:
        return None
    holds = Q(until__gt=at) | Q(until=None)
    return Stop.objects.filter(holds, channel=str(Channel.MESSENGER), key=messenger_key()).first()


def messenger_window(psid: str, at: datetime) -> Window:
    """Who may write to this person by Messenger at that time."""
    person = MessengerPerson.objects.filter(psid=psid, refused=False).first()
    return window(person.heard_at, at) if person else Window.CLOSED


@dataclass(frozen=True, slots=True)
class Said:
    """A template on one way in one language, as it is said now; `reworded`: not in our own words."""

    template: Template
    channel: Channel
    language: str
    wording: Wording
    reworded: bool


def wordings(template: Template) -> list[Said]:
    """All ways and languages in which a template is said."""
    changed = newest_wordings()
    found = []
    for channel in Channel:
        for language in ("ar", "en"):
            if own := original(template, channel, language):
                now = changed.get((template, channel, language), own)
                found.append(Said(template, channel, language, now, now != own))
    return found


def case_told(message: int) -> UUID | None:
    """The case whose citizen a message was for; `None` for an officer's, a code's, or no message at all."""
    return Message.objects.filter(pk=message, officer=None).values_list("case", flat=True).first()


def devices(case: UUID) -> int:
    """How many of its citizen's devices are told of a case."""
    return PushSubscription.objects.filter(case=case).count()


def chosen(officer: int) -> dict[Sort, Mail]:
    """How the officer wants to hear of each sort."""
    return as_chosen(Choice.objects.filter(officer=officer).values_list("about", "mail"))


def as_chosen(said: Iterable[tuple[str, str]]) -> dict[Sort, Mail]:
    """The same from pairs of what was chosen; as is usual where nothing was."""
    known = dict(said)
    return {sort: Mail(known.get(sort, usual)) for sort, usual in USUAL.items()}


def wants_mornings(officer: int) -> bool:
    """Whether the morning's e-mail comes to the officer; it does unless they said no."""
    return not Choice.objects.filter(officer=officer, about=MORNING, mail=Mail.NEVER).exists()


@dataclass(frozen=True, slots=True)
class Spent:
    """SMS of one day: messages, and the parts in which they went, which is what carriers charge for."""

    day: date
    messages: int
    parts: int


def sms_spent(since: datetime, until: datetime) -> list[Spent]:
    """What was handed over between these moments, by day in Amman, the newest first."""
    paid = Message.objects.filter(sms_parts__gt=0, sent_at__gte=since, sent_at__lt=until)
    days = paid.annotate(day=TruncDate("sent_at", tzinfo=AMMAN)).values("day").order_by("-day")
    return [Spent(*row) for row in days.values_list("day").annotate(Count("id"), Sum("sms_parts"))]


@dataclass(frozen=True, slots=True)
class Rung:
    """A line of the bell. `new`: the officer has not seen it. What is need-to-know says only that it is news."""

    id: int
    event: int
    words: BilingualText
    reference: str
    entity: int
    at: datetime
    new: bool


def unseen(viewer: Actor, now: datetime) -> int:
    """How much on the officer's bell they have not seen, counted to `UNSEEN` and one more."""
    return _shown(viewer, now).filter(seen_at=None).order_by()[: UNSEEN + 1].count()


def rung(viewer: Actor, now: datetime) -> list[Rung]:
    """The bell's newest lines, of cases that the officer may still read."""
    columns = ("id", "event", "template", "case__care", "case__reference", "case__entity", "at", "seen_at")
    return [
        Rung(key, event, LINES[Template(template)].words if care == Handling.OPEN else DISCREET, reference, entity, at,
             seen is None)
        for key, event, template, care, reference, entity, at, seen in (
            _shown(viewer, now).order_by("-at", "-id").values_list(*columns)[:NEWEST]
        )
    ]  # fmt: skip


def _shown(viewer: Actor, now: datetime) -> QuerySet[Notice]:
    recent = Notice.objects.filter(officer=viewer.officer_id, at__lte=now, at__gt=now - KEPT)
    return recent.filter(case__in=told_of(viewer))


def told_of(viewer: Actor) -> QuerySet[Case, Any]:
    """The cases of which the officer may hear: theirs, and those in which something is asked of them."""
    return Case.objects.filter(visible(viewer) | asked(viewer)).values("pk")
