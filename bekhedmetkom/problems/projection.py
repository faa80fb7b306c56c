"""Keeps what each open case is alike by, and how many people reported each problem.

Nothing of a case that is kept with care or that complains of somebody; what is taken back, erased or withdrawn goes.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from bekhedmetkom.cases.feed import EventConsumer, FeedEvent
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.states import EventType

from .commands.case_links import update_people_counts
from .commands.case_vectors import update_case_vectors

H = EventType
_VECTOR, _PEOPLE = "read", "counted"
_LINK_EVENTS = (H.LINKED, H.UNLINKED)


class ProblemsProjection(EventConsumer):
    name = "problems"
    # What a case is alike by is read anew when its words, its place or its care may be others.
    decisions: ClassVar[Mapping[EventType, str | None]] = {
        **dict.fromkeys(EventType, None),
        **dict.fromkeys(
            (
                H.SUBMITTED, H.TRANSCRIBED, H.CLASSIFIED, H.RECLASSIFIED, H.REFERRED, H.RETURNED, H.FOLLOWED,
                H.CONCERNS, H.UNDONE, H.WITHDRAWN, H.ERASED, H.MERGED,
            ),
            _VECTOR,
        ),
        **dict.fromkeys(_LINK_EVENTS, _PEOPLE),
    }  # fmt: skip

    def handle_events(self, events: Sequence[FeedEvent]) -> None:
        read = {event.case_id for event in events if self.decisions[event.happened] == _VECTOR}
        if read:
            update_case_vectors(read)
        if problems := _find_affected_problems(events, read):
            update_people_counts(problems)


def _find_affected_problems(events: Sequence[FeedEvent], read: set[UUID]) -> set[int]:
    """The problems whose number of people may have changed."""
    said = {
        event.data.get("was") or event.data.get("problem_id")
        for event in events
        if event.happened in _LINK_EVENTS
    }
    kept = Case.objects.filter(pk__in=read, problem_id__isnull=False).values_list("problem_id", flat=True)
    return {number for number in said if number} | {number for number in kept if number}
