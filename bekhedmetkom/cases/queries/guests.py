"""What the officers of a body that was asked to take part read of the case, which stays another's."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from bekhedmetkom.entities.queries import get_units
from bekhedmetkom.identity.queries import get_organisation
from bekhedmetkom.kernel.actor import Actor

from ..rules.access import is_guest
from ..rules.case_state import CaseState
from ..rules.events import EVENTS
from ..rules.states import EventType
from ..rules.undoing import undone_in
from .files import Attached
from .tasks import joined, taking_part
from .telling import CITIZENS_FIELDS, Past, Text, officer_of


class Part(NamedTuple):
    """`own`: the events of which the body knows the inside; `public`: those of which its citizen does.

    `takes_part`: it has said that it takes part; until then it does not need to know who the citizen is.
    """

    own: frozenset[int]
    public: frozenset[int]
    takes_part: bool

    def texts(self, all_: Iterable[Text]) -> list[Text]:
        """What was written to or by the citizen, and what was asked of the body or written there.

        What the body that has the case says to itself is its own: notes, instructions, a reply that nobody has sent.
        """
        return [
            (seq, field, body) for seq, field, body in all_
            if seq in self.own or (seq in self.public and field in CITIZENS_FIELDS)
        ]  # fmt: skip

    def files(self, all_: Iterable[Attached]) -> list[Attached]:
        """The same of files."""
        return [file for file in all_ if file.from_citizen or file.shown or file.seq in self.own]


def part_of(viewer: Actor, standing: CaseState, past: Sequence[Past], now: datetime) -> Part | None:
    """How a guest reads the case; `None` for who works at the body that has it, and for those above."""
    if not is_guest(viewer, standing):
        return None
    bodies, undone = _bodies(viewer), undone_in(past)
    organisation = get_organisation(now)

    def inside(event: Past) -> bool:
        officer = officer_of(event.actor)
        return _asked_of(event.data) in bodies or (
            officer is not None and not bodies.isdisjoint(organisation.get_bodies(officer))
        )

    return Part(
        frozenset(event.seq for event in past if inside(event)),
        frozenset(
            event.seq
            for event in past
            if EVENTS[EventType(event.kind)].citizen_text and event.seq not in undone
        ),
        not bodies.isdisjoint(joined(past, standing)),
    )


def knows_whose(case: UUID, actor: Actor, standing: CaseState) -> bool:
    """Whether an officer who reads the case reads who its citizen is too, but for what is withheld."""
    return not is_guest(actor, standing) or not _bodies(actor).isdisjoint(taking_part(case, standing))


def _bodies(actor: Actor) -> frozenset[int]:
    return frozenset[int]().union(*(grant.subtree for grant in actor.grants))


def _asked_of(data: Any) -> int | None:
    """The body of which something is asked by this event, or in which a unit is."""
    unit = get_units().get(data.get("asked_unit") or 0)
    body: int | None = unit.entity if unit else data.get("asked_body")
    return body
