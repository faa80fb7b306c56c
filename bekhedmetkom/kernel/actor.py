"""The actor of a command or query. Interfaces build it once and pass it on; independent of Django."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class ActorKind(StrEnum):
    CITIZEN = "citizen"
    OFFICER = "officer"
    CLIENT = "client"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Grant:
    """One active membership: a role at an entity (`None`: nationwide), optionally at one of its units.

    `subtree` holds the ids of the entity and of every body below it in the directory.
    """

    role: str
    entity: int | None = None
    unit: int | None = None
    subtree: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is the officer's key, the client's name, or for a citizen the reference of the case that was opened.

    `superiors`: officers above this one today; `unit_ids`: this officer's units with their parents. Complaints about
    any of them are hidden from this officer. `absent_colleagues`: officers on leave whose deputy this is.
    """

    kind: ActorKind
    id: str
    grants: tuple[Grant, ...] = ()
    superiors: frozenset[int] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    absent_colleagues: frozenset[int] = frozenset()

    @classmethod
    def citizen(cls, reference: str) -> Self:
        return cls(ActorKind.CITIZEN, reference)

    @property
    def officer_id(self) -> int | None:
        return int(self.id) if self.kind is ActorKind.OFFICER else None

    def __str__(self) -> str:
        """The form stored in events. A citizen's omits the reference, which the event already has."""
        match self.kind:
            case ActorKind.CITIZEN | ActorKind.CLOCK:
                return self.kind
            case _:
                return f"{self.kind}:{self.id}"


CLOCK = Actor(ActorKind.CLOCK, "clock")
