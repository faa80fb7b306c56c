"""Messages between the interfaces and the dialogue manager."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from bekhedmetkom.kernel.text import BilingualText

# Limits of Messenger, which hold for every channel.
MAX_CHOICES = 13
MAX_TITLE_LENGTH = 20
MAX_MESSAGE_LENGTH = 2000


class Channel(StrEnum):
    """The channel of a conversation."""

    CHAT = "chat"
    MESSENGER = "messenger"


class Speaker(StrEnum):
    """The author of a line."""

    PERSON = "person"
    PLATFORM = "platform"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One message of a person.

    `choice`: payload of a pressed choice. `photos`: stored uploads. `refusal`: why a part could not be taken.
    `key`: the sender's identifier of the message, processed once.
    """

    text: str = ""
    choice: str = ""
    photos: tuple[UUID, ...] = ()
    location: tuple[str, str] | None = None
    refusal: BilingualText | None = None
    key: str = ""


class Choice(NamedTuple):
    """A suggested answer: `title` is shown (at most 20 characters), `payload` is sent back."""

    payload: str
    title: str


class Link(NamedTuple):
    """A link with its title."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One reply. `case_id`: the case that this message confirms."""

    text: str
    choices: tuple[Choice, ...] = ()
    link: Link | None = None
    case_id: UUID | None = None
