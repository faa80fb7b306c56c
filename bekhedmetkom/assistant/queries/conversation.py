"""A conversation as its own person sees it: the lines that are kept and the current choices."""

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
    """One line; `text` is empty where its content was not kept."""

    speaker: Speaker
    text: str
    choices: tuple[Choice, ...]
    link: Link | None
    at: datetime


@dataclass(frozen=True, slots=True)
class CitizenConversation:
    """`is_with_officer`: an officer was asked for or has it."""

    id: UUID
    language: str
    lines: list[CitizenLine]
    is_with_officer: bool

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices of the last line."""
        return self.lines[-1].choices if self.lines else ()


def find_conversation(channel: str, person: str) -> CitizenConversation | None:
    """Return the conversation of a person on a channel, or `None`."""
    row = Conversation.objects.filter(channel=channel, person_key=compute_person_key(channel, person)).first()
    if row is None:
        return None
    newest = row.lines.exclude(words=b"").order_by("-number")[:MAX_LINES]
    lines = [_build_line(line) for line in reversed(newest)]
    return CitizenConversation(row.id, row.language, lines, bool(row.wanted_at or row.officer_id))


def get_greeting(language: str) -> OutgoingMessage:
    """Return the first message, shown before the person has written anything."""
    return BilingualMessage(STEPS["start"].question, STEPS["start"].choices).in_language(language)


def _build_line(line: Line) -> CitizenLine:
    content = decrypt(line.words) or {"text": "", "choices": [], "link": None}
    link = Link(*content["link"]) if content["link"] else None
    return CitizenLine(
        Speaker(line.whose), content["text"], tuple(Choice(*c) for c in content["choices"]), link, line.at
    )
