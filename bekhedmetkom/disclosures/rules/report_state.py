"""What the service itself must know of a report. The database holds it under the report's outer key alone."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal, NamedTuple
from uuid import UUID

from .statuses import Deadline, Status, get_next_deadline, is_missed

Side = Literal["discloser", "commission"]


class Part(NamedTuple):
    """A sealed text, message or file, and how many sealed bytes it has."""

    id: UUID
    size: int


class Turn(NamedTuple):
    """What one side said at once: a text and the files with it."""

    side: Side
    day: date
    parts: tuple[Part, ...]


class IdentityRequest(NamedTuple):
    """An identity that an officer has asked for."""

    officer: str
    requested: date
    reason: Part
    released: Part | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class ReportState:
    """Where a report stands."""

    epoch: int  # of the manifest that its ring was made for
    received: date
    status: Status = Status.RECEIVED
    since: date | None = None
    reason: str = ""
    excluded: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    asked: IdentityRequest | None = None
    unread: bool = True
    alerted: tuple[str, ...] = ()  # promises whose missing the Commission's chain was told
    decoy: bool = False  # nobody's: what is looked at when a receipt opens nothing
    ring_by: str = ""  # which officer has made its key ring anew last; nobody: it is the discloser's
    former: tuple[Part, ...] = ()  # key rings that were there before, the discloser's first
    row: str = ""  # a hash of what stands in clear in its row, which nobody may exchange

    @property
    def next_deadline(self) -> Deadline | None:
        """What is owed to the discloser next."""
        return get_next_deadline(self.status, self.received)

    def is_late(self, today: date) -> bool:
        """Whether it should have been done by yesterday."""
        return is_missed(self.status, self.received, today)

    def with_turn(self, turn: Turn) -> "ReportState":
        """After one more turn of the talk."""
        return replace(self, turns=(*self.turns, turn), unread=turn.side == "discloser" or self.unread)

    def list_parts(self) -> list[Part]:
        """All that is kept of it beside its row."""
        of_asking = (self.asked.reason, self.asked.released) if self.asked else ()
        of_the_talk = (part for turn in self.turns for part in turn.parts)
        return [*of_the_talk, *self.former, *filter(None, of_asking)]

    def find_part(self, identifier: UUID, side: Side | None = None) -> Part | None:
        """The part of that id in the talk, if that side said it."""
        said = (part for turn in self.turns if side in (None, turn.side) for part in turn.parts)
        return next((part for part in said if part.id == identifier), None)

    def encode(self) -> bytes:
        """As it is sealed."""
        return json.dumps(asdict(self), default=str, separators=(",", ":")).encode()


def decode_state(said: bytes) -> ReportState:
    """What `encoded` said."""
    plain: dict[str, Any] = json.loads(said)
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


def _decode_part(said: list[Any]) -> Part:
    return Part(UUID(said[0]), said[1])
