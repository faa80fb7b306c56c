"""Events of a telephone exchange and the call that they add up to.

Events may arrive in any order, repeatedly, and without a time of their own, so each carries its time of arrival.
`fold_events` returns the same call for every order and repetition.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bekhedmetkom.kernel.phone_numbers import parse_phone

MAX_WORD_LENGTH = 100  # characters of a name or number from the exchange
MAX_LINES = 50  # lines that one call rings
MAX_EVENTS = 40  # events of one call


class EventName(StrEnum):
    NEW_CALL = "newCall"
    ANSWER = "answer"
    HANGUP = "hangup"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, order=True)
class CallEvent:
    """One event. `lines`: the lines that ring, or the one that answered."""

    at: datetime
    name: EventName
    number: str = ""  # the outside party in E.164; empty if withheld or not a number
    direction: str = ""
    lines: tuple[str, ...] = ()
    queue: str = ""
    cause: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the event as it is stored."""
        return asdict(self) | {"at": self.at.isoformat(), "lines": list(self.lines)}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "CallEvent":
        """Return the event of stored fields."""
        return cls(
            **fields
            | {
                "at": datetime.fromisoformat(fields["at"]),
                "name": EventName(fields["name"]),
                "lines": tuple(fields["lines"]),
            }
        )

    @property
    def content(self) -> tuple[Any, ...]:
        """What identifies a repeated event."""
        return (self.name, self.number, self.direction, self.lines, self.queue, self.cause)


@dataclass(frozen=True, slots=True)
class CallSummary:
    """The state of a call. `ringing_lines`: where it rang; `answering_lines`: the lines that answered."""

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
    """Return each event once, in an order independent of arrival."""
    first: dict[tuple[Any, ...], CallEvent] = {}
    for event in sorted(events):
        first.setdefault(event.content, event)
    return list(first.values())


def fold_events(events: Iterable[CallEvent]) -> CallSummary:
    """Return the state of the call after these events; at least one is needed."""
    unique_events = deduplicate_events(events)

    def first(field: str) -> str:
        return next((str(getattr(event, field)) for event in unique_events if getattr(event, field)), "")

    def when(name: EventName) -> datetime | None:
        return next((event.at for event in unique_events if event.name is name), None)

    def lines(name: EventName) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(line for event in unique_events if event.name is name for line in event.lines)
        )

    return CallSummary(
        began_at=unique_events[0].at,
        answered_at=when(EventName.ANSWER),
        ended_at=when(EventName.HANGUP),
        number=first("number"),
        direction=first("direction") or Direction.IN,
        ringing_lines=lines(EventName.NEW_CALL),
        answering_lines=lines(EventName.ANSWER),
        queue=first("queue"),
        cause=first("cause"),
    )


def parse_outside_number(typed: str) -> str:
    """Return the outside number in E.164, with or without a leading +; empty if it is not a number."""
    typed = typed.strip()[:MAX_WORD_LENGTH]
    plain = typed.isascii() and typed.isdigit()
    if plain and not typed.startswith("0") and (abroad := parse_phone(f"+{typed}")):
        return abroad
    return parse_phone(typed) or ""
