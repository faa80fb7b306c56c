"""The state of a case: every column that its journal decides.

`case` rows have these columns and no others that events set: replaying a journal gives the row, to the last column.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Protocol

from bekhedmetkom.catalogue.rules import Disposition, Handling, Kind

from .states import State


class Event(Protocol):
    """What can happen to a case (`events.base.CaseEvent`)."""

    def changes(self, state: "CaseState", at: datetime) -> dict[str, Any]: ...


@dataclass(frozen=True)
class CaseState:
    """The row of one case. Keys are database ids; times are aware; `seq` counts its events."""

    reference: str
    state: State
    seq: int
    kind: Kind
    entity_id: int
    policy_id: int
    received_at: datetime
    updated_at: datetime  # when the last event happened: events of one case never go back in time
    term_from: datetime  # the promise that runs now: since when …
    due_at: datetime  # … and until when
    promised_at: datetime  # the first date that the citizen was told
    look_at: datetime | None  # when time next causes something; the sweep looks here
    idle_from: datetime  # the last act that the citizen could see
    triage: bool = False  # nobody knows yet whose it is: the Prime Ministry unit's queue
    service_id: int | None = None
    unit_id: int | None = None
    officer_id: int | None = None
    governorate_id: int | None = None
    care: Handling = Handling.OPEN
    channel: str = "portal"
    language: str = "ar"
    urgent: bool = False
    withheld: bool = False
    idle_told: bool = False
    reminded: int = 0  # per cent of the term at which the last reminder went out
    rungs: int = 0  # steps of the policy's ladder already taken
    level: str = ""  # how high it has climbed (catalogue.rules.Level)
    paused_at: datetime | None = None
    paused_days: int = 0  # working days spent waiting for the citizen
    extended_days: int = 0
    extensions: int = 0
    referrals: int = 0
    referred_from_id: int | None = None  # who referred it, until its new entity accepts
    drafted_by_id: int | None = None  # who wrote the reply that waits for approval
    disposition: Disposition | None = None
    answered_at: datetime | None = None
    answered_late: bool = False
    asked_again: bool = False
    solved: bool | None = None  # the citizen's word
    stars: int | None = None
    heard_by_id: int | None = None  # the officer to whom the citizen said it, by telephone
    reviewer_id: int | None = None
    appeals: int = 0
    appeal_outcome: Disposition | None = None
    snoozed_until: datetime | None = None
    merged_into: str = ""
    handlers: tuple[int, ...] = ()  # officers who ever had it: none of them reviews its appeal
    recused: tuple[int, ...] = ()  # officers who declared a conflict of interest: they no longer see it
    instructions: tuple[
        int, ...
    ] = ()  # events that asked something of somebody by a day, and have no report yet
    tasks: tuple[
        int, ...
    ] = ()  # events that asked another unit or body for something, and have no answer yet
    tasks_due: tuple[
        datetime, ...
    ] = ()  # their days, but for those of which it was said that they have passed
    units_asked: tuple[int, ...] = ()  # who was asked, and reads the case …
    bodies_asked: tuple[int, ...] = ()  # … as long as it is with the body that asked
    unreached: bool = False  # a message to the citizen did not arrive, and nobody has spoken with them since
    about_officer_id: int | None = (
        None  # whom it complains of: it comes neither to them nor to those under them …
    )
    about_unit_id: int | None = None  # … nor to anybody in this unit
    agreed: bool = False  # its citizen agrees that it is shown to everybody …
    released: int = 0  # … in the words that came with this event of the desk's; 0: it is not shown
    problem_id: int | None = None  # the problem of which it is one of many cases
    voice: bool = False  # a recording stands for the text, and nobody has written down yet what it says

    def apply(self, event: Event, to: State, at: datetime) -> "CaseState":
        """The state once this event has happened and led to the state `to`."""
        moved = {"state": to, "seq": self.seq + 1, "updated_at": at}
        return self.replace(moved | event.changes(self, at))

    def replace(self, columns: Mapping[str, Any]) -> "CaseState":
        """The same but for these columns: `dataclasses.replace` at a tenth of its cost."""
        new = object.__new__(CaseState)
        new.__dict__.update(self.__dict__)
        new.__dict__.update(columns)
        return new


STATE_COLUMNS = tuple(field.name for field in fields(CaseState))
get_column_values = attrgetter(*STATE_COLUMNS)


def build_initial_state(reference: str, at: datetime, data: Mapping[str, Any]) -> CaseState:
    """The first state, from the data of `case.submitted`; a letter had come before it was registered."""
    read = read_columns(data)
    received = read.pop("received_at", at)
    read.setdefault("term_from", received)
    return CaseState(
        reference=reference, state=State.RECEIVED, seq=1, received_at=received, updated_at=at,
        promised_at=read["due_at"], idle_from=at, **read,
    )  # fmt: skip


_DATETIME_COLUMNS = {"received_at", "due_at", "look_at", "snoozed_until", "term_from", "idle_from", "paused_at",
            "answered_at"}  # fmt: skip
_BOOLEAN_COLUMNS = {"urgent", "withheld", "triage", "unreached", "voice", "agreed", "idle_told", "answered_late",
             "asked_again", "solved"}  # fmt: skip
_COLUMN_PARSERS: Mapping[str, Any] = {
    "kind": Kind,
    "care": Handling,
    "disposition": Disposition,
    "appeal_outcome": Disposition,
    "handlers": tuple,
    "instructions": tuple,
    "tasks": tuple,
    "tasks_due": lambda days: tuple(map(datetime.fromisoformat, days)),
    "units_asked": tuple,
    "bodies_asked": tuple,
    **dict.fromkeys(_BOOLEAN_COLUMNS, bool),
    **dict.fromkeys(_DATETIME_COLUMNS, datetime.fromisoformat),
}
_EVENT_COLUMNS = {field.name for field in fields(CaseState)} - {"reference", "state", "seq", "recused"}


def read_columns(data: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that an event's data names outright. Canonical JSON has no booleans or dates of its own here."""
    return {
        name: _COLUMN_PARSERS[name](value) if name in _COLUMN_PARSERS and value is not None else value
        for name, value in data.items()
        if name in _EVENT_COLUMNS
    }


def format_instant(at: datetime) -> str:
    """One spelling for one instant: UTC with microseconds."""
    return _format_utc(at.astimezone(UTC))


@lru_cache(maxsize=1000)  # one event, and the next, spell the same dates
def _format_utc(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
