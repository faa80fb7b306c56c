"""What a telephone exchange tells of a call, and how the call stands by it.

Events come in any order, twice, or for a call of which nothing was heard before; they carry no time of their own, so
each has the time at which it came. `fold_events` returns the same call whatever order they came in and however often.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bekhedmetkom.kernel.phone_numbers import parse_phone

MAX_WORD_LENGTH = 100  # letters of a name or number that an exchange gives
MAX_LINES = 50  # telephones that one call rings
MAX_EVENTS = 40  # of one call: more say nothing new


class EventName(StrEnum):
    NEW_CALL = "newCall"
    ANSWER = "answer"
    HANGUP = "hangup"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, order=True)
class CallEvent:
    """One event as it came. `lines`: the telephones that ring, or the one that answered."""

    at: datetime
    name: EventName
    number: str = ""  # of who is outside, in E.164; empty for `anonymous` and for what is no number
    direction: str = ""
    lines: tuple[str, ...] = ()
    queue: str = ""
    cause: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the call's row keeps it."""
        return asdict(self) | {"at": self.at.isoformat(), "lines": list(self.lines)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "CallEvent":
        return cls(
            **kept
            | {
                "at": datetime.fromisoformat(kept["at"]),
                "name": EventName(kept["name"]),
                "lines": tuple(kept["lines"]),
            }
        )

    @property
    def content(self) -> tuple[Any, ...]:
        """What makes it the same event when it comes again."""
        return (self.name, self.number, self.direction, self.lines, self.queue, self.cause)


@dataclass(frozen=True, slots=True)
class CallSummary:
    """A call as its events tell it. `ringing_lines`: where it rang; `answering_lines`: the telephones that took it."""

    began_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    number: str = ""
    direction: str = Direction.IN
    ringing_lines: tuple[str, ...] = ()
    answering_lines: tuple[str, ...] = ()
    queue: str = ""
    cause: str = ""


def deduplicate_events(events: Iterable[CallEvent]) -> list[CallEvent]:
    """Each event once, as it came first, in an order that does not depend on how they came."""
    first: dict[tuple[Any, ...], CallEvent] = {}
    for event in sorted(events):
        first.setdefault(event.content, event)
    return list(first.values())


def fold_events(events: Iterable[CallEvent]) -> CallSummary:
    """The call that these events tell of; at least one."""
    heard = deduplicate_events(events)

    def first(field: str) -> str:
        return next((str(getattr(event, field)) for event in heard if getattr(event, field)), "")

    def when(name: EventName) -> datetime | None:
        return next((event.at for event in heard if event.name is name), None)

    def lines(name: EventName) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line for event in heard if event.name is name for line in event.lines))

    return CallSummary(
        began_at=heard[0].at, answered_at=when(EventName.ANSWER), ended_at=when(EventName.HANGUP),
        number=first("number"), direction=first("direction") or Direction.IN, ringing_lines=lines(EventName.NEW_CALL),
        answering_lines=lines(EventName.ANSWER), queue=first("queue"), cause=first("cause"),
    )  # fmt: skip


def parse_outside_number(typed: str) -> str:
    """The telephone outside in E.164, as exchanges write it: with or without its +; empty for what is no number."""
    typed = typed.strip()[:MAX_WORD_LENGTH]
    plain = typed.isascii() and typed.isdigit()
    if plain and not typed.startswith("0") and (abroad := parse_phone(f"+{typed}")):
        return abroad
    return parse_phone(typed) or ""
