"""The state of a report that the server must know. It is stored encrypted with the report's outer key."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal, NamedTuple
from uuid import UUID

from .statuses import Deadline, Status, get_next_deadline, is_missed

Side = Literal["discloser", "commission"]


class Part(NamedTuple):
    """An encrypted text, message or file, and its encrypted size."""

    id: UUID
    size: int


class Turn(NamedTuple):
    """One side's message: a text and the files with it."""

    side: Side
    day: date
    parts: tuple[Part, ...]


class IdentityRequest(NamedTuple):
    """An officer's request for the discloser's identity."""

    officer: str
    requested: date
    reason: Part
    released: Part | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class ReportState:
    epoch: int  # manifest epoch that the key ring is for
    received: date
    status: Status = Status.RECEIVED
    since: date | None = None
    reason: str = ""
    excluded: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    asked: IdentityRequest | None = None
    unread: bool = True
    alerted: tuple[str, ...] = ()  # missed deadlines that were reported to the chiefs
    decoy: bool = False  # read when a receipt is invalid
    ring_by: str = ""  # officer who last renewed the key ring; empty: the discloser's own ring
    former: tuple[Part, ...] = ()  # earlier key rings, the discloser's first
    row: str = ""  # hash of the row's columns in clear

    @property
    def next_deadline(self) -> Deadline | None:
        """The next deadline towards the discloser."""
        return get_next_deadline(self.status, self.received)

    def is_late(self, today: date) -> bool:
        """Return whether the next deadline is before `today`."""
        return is_missed(self.status, self.received, today)

    def with_turn(self, turn: Turn) -> "ReportState":
        """Return the state with one more turn."""
        return replace(self, turns=(*self.turns, turn), unread=turn.side == "discloser" or self.unread)

    def list_parts(self) -> list[Part]:
        """Return all stored parts of the report."""
        identity_parts = (self.asked.reason, self.asked.released) if self.asked else ()
        turn_parts = (part for turn in self.turns for part in turn.parts)
        return [*turn_parts, *self.former, *filter(None, identity_parts)]

    def find_part(self, identifier: UUID, side: Side | None = None) -> Part | None:
        """Return the part with this id in the conversation, on `side` if given, or None."""
        parts = (part for turn in self.turns if side in (None, turn.side) for part in turn.parts)
        return next((part for part in parts if part.id == identifier), None)

    def encode(self) -> bytes:
        """Return the JSON that is encrypted."""
        return json.dumps(asdict(self), default=str, separators=(",", ":")).encode()


def decode_state(encoded: bytes) -> ReportState:
    """Undo `ReportState.encode`."""
    plain: dict[str, Any] = json.loads(encoded)
    asked = plain["asked"]
    return ReportState(
        **plain
        | {
            "received": date.fromisoformat(plain["received"]),
            "status": Status(plain["status"]),
            "since": date.fromisoformat(plain["since"]) if plain["since"] else None,
            "excluded": tuple(plain["excluded"]),
            "alerted": tuple(plain["alerted"]),
            "former": tuple(map(_decode_part, plain.get("former", []))),
            "turns": tuple(
                Turn(side, date.fromisoformat(day), tuple(map(_decode_part, parts)))
                for side, day, parts in plain["turns"]
            ),
            "asked": asked
            and IdentityRequest(
                asked[0],
                date.fromisoformat(asked[1]),
                _decode_part(asked[2]),
                asked[3] and _decode_part(asked[3]),
                asked[4],
            ),
        }
    )


def _decode_part(fields: list[Any]) -> Part:
    return Part(UUID(fields[0]), fields[1])
