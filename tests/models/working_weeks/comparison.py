"""What was played against what the model says, event by event: what is at another time, there twice, missing, late."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from bekhedmetkom.cases.models import Event
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.notifications.models import Message

from .reference_model import ModelEvent
from .simulated_case import SimulatedCase
from .simulation import WeeksSimulation

# What a deadline's event says besides its time.
DATA_FIELD_BY_EVENT = {"clock.reminded": "reminded", "clock.idle": "to", "clock.overdue": "level"}


@dataclass
class ComparisonResult:
    """Sentences, one for each fault; `events` counts what was recorded."""

    wrong: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)
    stories: dict[str, list[str]] = field(
        default_factory=dict
    )  # of each faulty case: as it was, as it should be

    @property
    def faults(self) -> list[str]:
        return [*self.wrong, *self.twice, *self.missing, *self.late, *self.untold]


class RecordedEvent(NamedTuple):
    key: int
    said: ModelEvent


def compare_weeks(weeks: WeeksSimulation) -> ComparisonResult:
    """Every event of every case. `late`: recorded by a later sweep than the first after its time."""
    found = ComparisonResult(late=list(weeks.late))
    for life in weeks.cases_simulated:
        life.case.refresh_from_db()
        name = life.case.reference
        recorded = list(_list_recorded_events(life))
        known = len(found.faults)
        found.events.update(event.said.kind for event in recorded)
        _compare_events(name, Counter(event.said for event in recorded), Counter(life.model.events), found)
        stands, should = (life.case.state, life.case.due_at), (life.model.state, life.model.due)
        if stands != should:
            found.wrong.append(f"{name} stands at {stands}, not {should}")
        found.wrong += [f"{name}: {said}" for said in life.disagreements]
        if len(found.faults) > known:
            found.stories[name] = [
                *(f"is {_format_event(event.said)}" for event in recorded),
                *(f"should {_format_event(said)}" for said in life.model.events),
            ]
    found.untold += _list_missing_notifications()
    return found


def _list_recorded_events(life: SimulatedCase) -> Iterator[RecordedEvent]:
    """All but when the sweep is to look again."""
    rows = Event.objects.filter(case=life.case).exclude(kind=EventType.RECOUNTED).order_by("seq")
    for key, kind, at, data in rows.values_list("pk", "kind", "at", "data"):
        yield RecordedEvent(
            key,
            ModelEvent(kind, at, str(data[DATA_FIELD_BY_EVENT[kind]]) if kind in DATA_FIELD_BY_EVENT else ""),
        )


def _compare_events(
    name: str, real: Counter[ModelEvent], should: Counter[ModelEvent], found: ComparisonResult
) -> None:
    lacking = sorted((should - real).elements())
    for said in sorted((real - should).elements()):
        meant = next((other for other in lacking if (other.kind, other.what) == (said.kind, said.what)), None)
        if meant:
            lacking.remove(meant)
            found.wrong.append(
                f"{name} {said.kind} {said.what} at {_format_time(said.at)}, not {_format_time(meant.at)}"
            )
        else:
            found.twice.append(f"{name} {said.kind} {said.what} at {_format_time(said.at)}, once too often")
    found.missing += [f"{name} {said.kind} {said.what} at {_format_time(said.at)}" for said in lacking]


def _list_missing_notifications() -> Iterator[str]:
    """Dates that moved with the calendar without a word to the citizen."""
    moved: dict[int, Any] = dict(
        Event.objects.filter(kind=EventType.RESCHEDULED).values_list("pk", "case__reference")
    )
    told = set(Message.objects.filter(event__in=moved, officer=None).values_list("event", flat=True))
    for event in moved.keys() - told:
        yield f"{moved[event]}: nobody was told that its date moved"


def _format_event(said: ModelEvent) -> str:
    return f"{_format_time(said.at)} {said.kind} {said.what}".rstrip()


def _format_time(at: datetime) -> str:
    return at.isoformat(" ", "seconds")
