"""A talk as its person sees it again: the lines that are still there, and what can be answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ..models import Conversation, Line
from ..rules.flow import STEPS
from ..rules.messages import Choice, Link, OutgoingMessage, Speaker
from ..rules.presentation import BilingualMessage
from ..storage import compute_person_key, decrypt

MAX_LINES = 60


@dataclass(frozen=True, slots=True)
class CitizenLine:
    """One line; `text` is empty where nothing of it was kept."""

    whose: Speaker
    text: str
    choices: tuple[Choice, ...]
    link: Link | None
    at: datetime


@dataclass(frozen=True, slots=True)
class CitizenConversation:
    """`with_person`: an officer was asked for, or has it."""

    id: UUID
    language: str
    lines: list[CitizenLine]
    with_person: bool

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What is offered now: by the last line, unless its person said that."""
        return self.lines[-1].choices if self.lines else ()


def find_conversation(channel: str, person: str) -> CitizenConversation | None:
    """The talk with somebody on a channel; `None` where there was none."""
    row = Conversation.objects.filter(channel=channel, person_key=compute_person_key(channel, person)).first()
    if row is None:
        return None
    newest = row.lines.exclude(words=b"").order_by("-number")[:MAX_LINES]
    lines = [_build_line(line) for line in reversed(newest)]
    return CitizenConversation(row.id, row.language, lines, bool(row.wanted_at or row.officer_id))


def get_greeting(language: str) -> OutgoingMessage:
    """What is said before anybody has written."""
    return BilingualMessage(STEPS["start"].asks, STEPS["start"].offers).in_(language)


def _build_line(line: Line) -> CitizenLine:
    said = decrypt(line.words) or {"text": "", "choices": [], "link": None}
    link = Link(*said["link"]) if said["link"] else None
    return CitizenLine(
        Speaker(line.whose), said["text"], tuple(Choice(*c) for c in said["choices"]), link, line.at
    )
