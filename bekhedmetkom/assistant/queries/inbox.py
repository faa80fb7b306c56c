"""The officers' inbox: conversations that wait for an officer or are with one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.messenger.queries import get_delivery_statuses
from bekhedmetkom.notifications.queries import get_messenger_window
from bekhedmetkom.notifications.rules.messenger import MessagingWindow

from ..models import Conversation, Line
from ..rules.intents import hide_access_codes
from ..rules.messages import Channel, Speaker
from ..storage import decrypt

MAX_CONVERSATIONS = 100  # summary at once, longest waiting first
MAX_LINES = 100


@dataclass(frozen=True, slots=True)
class InboxConversation:
    """A conversation in the inbox, without content. `is_waiting`: its last line is the person's."""

    id: UUID
    channel: Channel
    language: str
    handover_requested_at: datetime
    last_message_at: datetime
    officer: BilingualText | None
    is_own: bool
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """`text` is empty where no content is kept; access codes are hidden.

    `delivery_status`: `waiting`, why the officer's message did not arrive, or empty.
    """

    number: int
    speaker: Speaker
    officer: BilingualText | None
    text: str
    at: datetime
    delivery_status: str


@dataclass(frozen=True, slots=True)
class OfficerConversation:
    """A conversation for an officer. Only the officer who has it gets its lines."""

    summary: InboxConversation
    lines: list[OfficerLine]
    window: MessagingWindow


def list_inbox(viewer: Actor) -> list[InboxConversation]:
    """Return the inbox: unassigned first, then the viewer's own, each by waiting time. Raises `NotAllowed`."""
    order = Case(When(officer=None, then=0), When(officer=viewer.officer_id, then=1), default=2)
    rows = _filter_handed_over(viewer).order_by(order, Coalesce("wanted_at", "heard_at"))[:MAX_CONVERSATIONS]
    return [_build_inbox_conversation(row, viewer) for row in rows]


def count_waiting(viewer: Actor) -> int:
    """Count the unassigned conversations and the viewer's own whose last line is the person's."""
    own_waiting = Q(officer=viewer.officer_id, last=str(Speaker.PERSON))
    return _filter_handed_over(viewer).filter(Q(officer=None) | own_waiting)[: MAX_CONVERSATIONS + 1].count()


def get_officer_conversation(viewer: Actor, conversation: UUID, at: datetime) -> OfficerConversation | None:
    """Return one conversation of the inbox; `None` if it is not in the inbox."""
    row = _filter_handed_over(viewer).filter(pk=conversation).first()
    if row is None:
        return None
    summary = _build_inbox_conversation(row, viewer)
    window = MessagingWindow.OPEN
    if row.channel == Channel.MESSENGER:
        window = get_messenger_window(str(decrypt(row.person) or ""), at)
    return OfficerConversation(summary, _load_lines(row) if summary.is_own else [], window)


def _filter_handed_over(viewer: Actor) -> QuerySet[Conversation]:
    if not has_permission_anywhere(viewer, Permission.TALK):
        raise NotAllowed
    is_handed_over = Q(wanted_at__isnull=False) | Q(officer__isnull=False)
    last = Line.objects.filter(conversation=OuterRef("pk")).order_by("-number").values("whose")[:1]
    return Conversation.objects.select_related("officer").filter(is_handed_over).annotate(last=Subquery(last))


def _build_inbox_conversation(row: Conversation, viewer: Actor) -> InboxConversation:
    last = getattr(row, "last", None)
    return InboxConversation(
        row.pk,
        Channel(row.channel),
        row.language,
        row.wanted_at or row.heard_at,
        row.heard_at,
        row.officer.name if row.officer else None,
        row.officer_id == viewer.officer_id,
        last == Speaker.PERSON,
    )


def _load_lines(row: Conversation) -> list[OfficerLine]:
    newest: list[Line] = list(row.lines.select_related("officer").order_by("-number")[:MAX_LINES])[::-1]
    statuses = get_delivery_statuses(line.pk for line in newest if line.whose == Speaker.OFFICER)
    return [
        OfficerLine(
            line.number,
            Speaker(line.whose),
            line.officer.name if line.officer else None,
            hide_access_codes((decrypt(line.words) or {}).get("text", "")),
            line.at,
            statuses.get(line.pk, ""),
        )
        for line in newest
    ]
