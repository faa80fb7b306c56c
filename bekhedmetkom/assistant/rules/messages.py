"""What doors and engine hand each other: what a person sent, and what they are told."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from bekhedmetkom.kernel.text import BilingualText

# What Messenger takes, and so every door.
MAX_CHOICES = 13
MAX_TITLE_LENGTH = 20
MAX_MESSAGE_LENGTH = 2000


class Channel(StrEnum):
    """Where a talk is held."""

    CHAT = "chat"
    MESSENGER = "messenger"


class Speaker(StrEnum):
    """Who said a line of a talk."""

    PERSON = "person"
    PLATFORM = "platform"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One message of a person.

    `choice` is the payload of a choice that was pressed; `photos` are uploads that the door took in; `refused` says
    why something that came could not be taken. `key` is the sender's own name for the message: heard once.
    """

    text: str = ""
    choice: str = ""
    photos: tuple[UUID, ...] = ()
    location: tuple[str, str] | None = None
    refused: BilingualText | None = None
    key: str = ""


class Choice(NamedTuple):
    """An answer that is offered: `title` is shown and at most 20 characters, `payload` comes back."""

    payload: str
    title: str


class Link(NamedTuple):
    """Where to go on."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message to the person. `case`: that this one tells of, just sent."""

    text: str
    choices: tuple[Choice, ...] = ()
    link: Link | None = None
    case: UUID | None = None
