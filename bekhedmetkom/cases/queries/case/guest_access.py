"""What the officers of a body that was asked to take part read of the case, which stays another's."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from bekhedmetkom.entities.queries import get_units
from bekhedmetkom.identity.queries import get_organisation
from bekhedmetkom.kernel.actor import Actor

from ...rules.access import is_guest
from ...rules.case_state import CaseState
from ...rules.events import EVENTS
from ...rules.states import EventType
from ...rules.undo import list_undone_events
from .files import CaseFile
from .tasks import get_participants, list_participants
from .timeline import CITIZEN_TEXT_FIELDS, PastEvent, TextRow, parse_officer_id


class GuestAccess(NamedTuple):
    """`own`: the events of which the body knows the inside; `public`: those of which its citizen does.

    `takes_part`: it has said that it takes part; until then it does not need to know who the citizen is.
    """

    own: frozenset[int]
    public: frozenset[int]
    takes_part: bool

    def texts(self, all_: Iterable[TextRow]) -> list[TextRow]:
        """What was written to or by the citizen, and what was asked of the body or written there.

        What the body that has the case says to itself is its own: notes, instructions, a reply that nobody has sent.
        """
        return [
            (seq, field, body) for seq, field, body in all_
            if seq in self.own or (seq in self.public and field in CITIZEN_TEXT_FIELDS)
        ]  # fmt: skip

    def files(self, all_: Iterable[CaseFile]) -> list[CaseFile]:
        """The same of files."""
        return [file for file in all_ if file.from_citizen or file.shown or file.seq in self.own]


def find_guest_access(
    viewer: Actor, standing: CaseState, past: Sequence[PastEvent], now: datetime
) -> GuestAccess | None:
    """How a guest reads the case; `None` for who works at the body that has it, and for those above."""
    if not is_guest(viewer, standing):
        return None
    bodies, undone = _get_bodies(viewer), list_undone_events(past)
    organisation = get_organisation(now)

    def inside(event: PastEvent) -> bool:
        officer = parse_officer_id(event.actor)
        return _get_asked_body(event.data) in bodies or (
            officer is not None and not bodies.isdisjoint(organisation.get_bodies(officer))
        )

    return GuestAccess(
        frozenset(event.seq for event in past if inside(event)),
        frozenset(
            event.seq
            for event in past
            if EVENTS[EventType(event.kind)].citizen_text and event.seq not in undone
        ),
        not bodies.isdisjoint(list_participants(past, standing)),
    )


def can_see_citizen(case: UUID, actor: Actor, standing: CaseState) -> bool:
    """Whether an officer who reads the case reads who its citizen is too, but for what is withheld."""
    return not is_guest(actor, standing) or not _get_bodies(actor).isdisjoint(
        get_participants(case, standing)
    )


def _get_bodies(actor: Actor) -> frozenset[int]:
    return frozenset[int]().union(*(grant.subtree for grant in actor.grants))


def _get_asked_body(data: Any) -> int | None:
    """The body of which something is asked by this event, or in which a unit is."""
    unit = get_units().get(data.get("asked_unit") or 0)
    body: int | None = unit.entity if unit else data.get("asked_body")
    return body
