"""A talk as its person sees it again: the lines that are still there, and what can be answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ..models import Conversation, Line
from ..rules.flow import STEPS
from ..rules.showing import Saying
from ..rules.talk import Choice, Link, Say, Whose
from ..sealing import opened, person_key

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One line; `text` is empty where nothing of it was kept."""

    whose: Whose
    text: str
    choices: tuple[Choice, ...]
    link: Link | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SeenTalk:
    """`with_person`: an officer was asked for, or has it."""

    id: UUID
    language: str
    lines: list[SeenLine]
    with_person: bool

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What is offered now: by the last line, unless its person said that."""
        return self.lines[-1].choices if self.lines else ()


def talk_of(channel: str, person: str) -> SeenTalk | None:
    """The talk with somebody on a channel; `None` where there was none."""
    row = Conversation.objects.filter(channel=channel, person_key=person_key(channel, person)).first()
    if row is None:
        return None
    newest = row.lines.exclude(words=b"").order_by("-number")[:MOST_SHOWN]
    lines = [_seen(line) for line in reversed(newest)]
    return SeenTalk(row.id, row.language, lines, bool(row.wanted_at or row.officer_id))


def greeting(language: str) -> Say:
    """What is said before anybody has written."""
    return Saying(STEPS["start"].asks, STEPS["start"].offers).in_(language)


def _seen(line: Line) -> SeenLine:
    said = opened(line.words) or {"text": "", "choices": [], "link": None}
    link = Link(*said["link"]) if said["link"] else None
    return SeenLine(
        Whose(line.whose), said["text"], tuple(Choice(*c) for c in said["choices"]), link, line.at
    )
