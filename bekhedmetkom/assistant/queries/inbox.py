"""The talks that ask for a person or are with an officer, for whoever takes them over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.messages.queries import messenger_window
from bekhedmetkom.messages.rules.messenger import Window
from bekhedmetkom.messenger.queries import get_delivery_statuses

from ..models import Conversation, Line
from ..rules.intents import hide_access_codes
from ..rules.messages import Channel, Speaker
from ..storage import decrypt

MAX_CONVERSATIONS = 100  # shown at once; who has waited longest comes first
MAX_LINES = 100


@dataclass(frozen=True, slots=True)
class InboxConversation:
    """A talk in the inbox, without a word of it. `waits`: its last line is the person's."""

    id: UUID
    channel: Channel
    language: str
    wanted_at: datetime
    heard_at: datetime
    officer: BilingualText | None
    own: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """`text` is empty where nothing is kept, and has no access code: that of a receipt is its person's alone.

    `fate`: why an officer's words have not arrived, or `waiting`.
    """

    number: int
    whose: Speaker
    officer: BilingualText | None
    text: str
    at: datetime
    fate: str


@dataclass(frozen=True, slots=True)
class OfficerConversation:
    """A talk as an officer sees it. Its lines are shown to who has it, and to nobody else."""

    waiting: InboxConversation
    lines: list[OfficerLine]
    window: Window


def list_inbox(viewer: Actor) -> list[InboxConversation]:
    """Those that wait for an officer first, then one's own, each by how long. Raises `NotAllowed`."""
    turn = Case(When(officer=None, then=0), When(officer=viewer.officer_id, then=1), default=2)
    rows = _filter_handed_over(viewer).order_by(turn, Coalesce("wanted_at", "heard_at"))[:MAX_CONVERSATIONS]
    return [_build_inbox_conversation(row, viewer) for row in rows]


def count_waiting(viewer: Actor) -> int:
    """How many wait for this officer: whom nobody has yet, and whoever has written last of those they have."""
    theirs = Q(officer=viewer.officer_id, last=str(Speaker.PERSON))
    return _filter_handed_over(viewer).filter(Q(officer=None) | theirs)[: MAX_CONVERSATIONS + 1].count()


def get_officer_conversation(viewer: Actor, conversation: UUID, at: datetime) -> OfficerConversation | None:
    """One of them; `None` where it is none, or went back to the assistant."""
    row = _filter_handed_over(viewer).filter(pk=conversation).first()
    if row is None:
        return None
    shown = _build_inbox_conversation(row, viewer)
    may = Window.OPEN
    if row.channel == Channel.MESSENGER:
        may = messenger_window(str(decrypt(row.person) or ""), at)
    return OfficerConversation(shown, _load_lines(row) if shown.own else [], may)


def _filter_handed_over(viewer: Actor) -> QuerySet[Conversation]:
    if not holds(viewer, Permission.TALK):
        raise NotAllowed
    asked = Q(wanted_at__isnull=False) | Q(officer__isnull=False)
    last = Line.objects.filter(conversation=OuterRef("pk")).order_by("-number").values("whose")[:1]
    return Conversation.objects.select_related("officer").filter(asked).annotate(last=Subquery(last))


def _build_inbox_conversation(row: Conversation, viewer: Actor) -> InboxConversation:
    last = getattr(row, "last", None)
    return InboxConversation(
        row.pk, Channel(row.channel), row.language, row.wanted_at or row.heard_at, row.heard_at,
        row.officer.name if row.officer else None, row.officer_id == viewer.officer_id, last == Speaker.PERSON,
    )  # fmt: skip


def _load_lines(row: Conversation) -> list[OfficerLine]:
    newest: list[Line] = list(row.lines.select_related("officer").order_by("-number")[:MAX_LINES])[::-1]
    came_to = get_delivery_statuses(line.pk for line in newest if line.whose == Speaker.OFFICER)
    return [
        OfficerLine(
            line.number, Speaker(line.whose), line.officer.name if line.officer else None,
            hide_access_codes((decrypt(line.words) or {}).get("text", "")), line.at, came_to.get(line.pk, ""),
        )
        for line in newest
    ]  # fmt: skip
