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
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.messages.queries import messenger_window
from bekhedmetkom.messages.rules.messenger import Window
from bekhedmetkom.messenger.queries import fates

from ..models import Conversation, Line
from ..rules.talk import Channel, Whose
from ..rules.understanding import without_codes
from ..sealing import opened

MOST = 100  # shown at once; who has waited longest comes first
MOST_LINES = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A talk in the inbox, without a word of it. `waits`: its last line is the person's."""

    id: UUID
    channel: Channel
    language: str
    wanted_at: datetime
    heard_at: datetime
    officer: Words | None
    own: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class TalkLine:
    """`text` is empty where nothing is kept, and has no access code: that of a receipt is its person's alone.

    `fate`: why an officer's words have not arrived, or `waiting`.
    """

    number: int
    whose: Whose
    officer: Words | None
    text: str
    at: datetime
    fate: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk as an officer sees it. Its lines are shown to who has it, and to nobody else."""

    waiting: Waiting
    lines: list[TalkLine]
    window: Window


def inbox(viewer: Actor) -> list[Waiting]:
    """Those that wait for an officer first, then one's own, each by how long. Raises `NotAllowed`."""
    turn = Case(When(officer=None, then=0), When(officer=viewer.officer_id, then=1), default=2)
    rows = _asked(viewer).order_by(turn, Coalesce("wanted_at", "heard_at"))[:MOST]
    return [_waiting(row, viewer) for row in rows]


def waiting(viewer: Actor) -> int:
    """How many wait for this officer: whom nobody has yet, and whoever has written last of those they have."""
    theirs = Q(officer=viewer.officer_id, last=str(Whose.PERSON))
    return _asked(viewer).filter(Q(officer=None) | theirs)[: MOST + 1].count()


def talk(viewer: Actor, conversation: UUID, at: datetime) -> Talk | None:
    """One of them; `None` where it is none, or went back to the assistant."""
    row = _asked(viewer).filter(pk=conversation).first()
    if row is None:
        return None
    shown = _waiting(row, viewer)
    may = Window.OPEN
    if row.channel == Channel.MESSENGER:
        may = messenger_window(str(opened(row.person) or ""), at)
    return Talk(shown, _lines(row) if shown.own else [], may)


def _asked(viewer: Actor) -> QuerySet[Conversation]:
    if not holds(viewer, Permission.TALK):
        raise NotAllowed
    asked = Q(wanted_at__isnull=False) | Q(officer__isnull=False)
    last = Line.objects.filter(conversation=OuterRef("pk")).order_by("-number").values("whose")[:1]
    return Conversation.objects.select_related("officer").filter(asked).annotate(last=Subquery(last))


def _waiting(row: Conversation, viewer: Actor) -> Waiting:
    last = getattr(row, "last", None)
    return Waiting(
        row.pk, Channel(row.channel), row.language, row.wanted_at or row.heard_at, row.heard_at,
        row.officer.name if row.officer else None, row.officer_id == viewer.officer_id, last == Whose.PERSON,
    )  # fmt: skip


def _lines(row: Conversation) -> list[TalkLine]:
    newest: list[Line] = list(row.lines.select_related("officer").order_by("-number")[:MOST_LINES])[::-1]
    came_to = fates(line.pk for line in newest if line.whose == Whose.OFFICER)
    return [
        TalkLine(
            line.number, Whose(line.whose), line.officer.name if line.officer else None,
            without_codes((opened(line.words) or {}).get("text", "")), line.at, came_to.get(line.pk, ""),
        )
        for line in newest
    ]  # fmt: skip
