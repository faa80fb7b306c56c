"""For whom a command acts and a query reads. Built once at the door, then passed along; knows nothing of Django."""

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
    """One membership as it stands today: a role at an entity (`None`: nationwide), perhaps at one of its units.

    `below` holds the ids of the entity and of every body under it in the directory: the minister's mandate.
    """

    role: str
    entity: int | None = None
    unit: int | None = None
    subtree: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is the officer's key, the client's name, or for a citizen the reference whose access code was shown.

    `above`: the officers under whom this one works today; `within`: the units in which, with all that these stand
    under. What is said of any of them is not this officer's to see. `stands_for`: who is away, and has this one as
    deputy.
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
        """As the journal spells it. A citizen's carries no reference: the event already stands under one."""
        match self.kind:
            case ActorKind.CITIZEN | ActorKind.CLOCK:
                return self.kind
            case _:
                return f"{self.kind}:{self.id}"


CLOCK = Actor(ActorKind.CLOCK, "clock")
