"""Where a case stands: every column that its journal decides, and how each event changes them.

`case` rows have these columns and no others that events set: replaying a journal gives the row, to the last column.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from bekhedmetkom.catalogue.rules import Disposition, EscalationLevel, Handling, Kind

from .states import EventType, State

T = TypeVar("T")


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

    def then(self, happened: EventType, state: State, at: datetime, data: Mapping[str, Any]) -> "CaseState":
        """Where it stands once this has happened."""
        moved = {"state": state, "seq": self.seq + 1, "updated_at": at}
        return self.with_(moved | changes(self, happened, at, data))

    def with_(self, columns: Mapping[str, Any]) -> "CaseState":
        """The same but for these columns: `replace` at a tenth of its cost, for whole journals are replayed."""
        new = object.__new__(CaseState)
        new.__dict__.update(self.__dict__)
        new.__dict__.update(columns)
        return new


LEVELS = [str(level) for level in EscalationLevel]  # from the lowest to the highest
COLUMNS = tuple(field.name for field in fields(CaseState))
VALUES = attrgetter(*COLUMNS)


def begun(reference: str, at: datetime, data: Mapping[str, Any]) -> CaseState:
    """The first standing, from the data of `case.submitted`; a letter had come before it was registered."""
    read = _read(data)
    received = read.pop("received_at", at)
    read.setdefault("term_from", received)
    return CaseState(
        reference=reference, state=State.RECEIVED, seq=1, received_at=received, updated_at=at,
        promised_at=read["due_at"], idle_from=at, **read,
    )  # fmt: skip


class Fact(Protocol):
    """An event, as far as a row follows from it."""

    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def replayed(reference: str, journal: Iterable[Fact]) -> Iterator[CaseState]:
    """Where a case stood after each event of its journal, from the first on."""
    standing: CaseState | None = None
    for event in journal:
        if standing is None:
            standing = begun(reference, event.at, event.data)
        else:
            standing = standing.then(EventType(event.kind), State(event.state), event.at, event.data)
        yield standing


_OF_TIME = {"received_at", "due_at", "look_at", "snoozed_until", "term_from", "idle_from", "paused_at",
            "answered_at"}  # fmt: skip
_OF_TRUTH = {"urgent", "withheld", "triage", "unreached", "voice", "agreed", "idle_told", "answered_late",
             "asked_again", "solved"}  # fmt: skip
_READERS: Mapping[str, Any] = {
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
    **dict.fromkeys(_OF_TRUTH, bool),
    **dict.fromkeys(_OF_TIME, datetime.fromisoformat),
}
_GIVEN = {field.name for field in fields(CaseState)} - {"reference", "state", "seq", "recused"}


def _read(data: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that an event's data names outright. Canonical JSON has no booleans or dates of its own here."""
    return {
        name: _READERS[name](value) if name in _READERS and value is not None else value
        for name, value in data.items()
        if name in _GIVEN
    }


_A_NEW_TERM: Mapping[str, Any] = {"reminded": 0, "rungs": 0, "level": "", "paused_days": 0, "extended_days": 0,
                                  "extensions": 0, "snoozed_until": None}  # fmt: skip


def changes(before: CaseState, happened: EventType, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that an event sets: those its data names, and what the kind of event itself means."""
    moved = _read(data) | _meaning(before, happened, at, data) | _touched(before, happened, at, data)
    return moved | _asked_of(before, happened, data)


def _meaning(before: CaseState, happened: EventType, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    match happened:
        case EventType.ASSIGNED:
            return {"triage": False, "referred_from_id": None, "snoozed_until": None,
                    "handlers": _with(before.handlers, data.get("officer_id"))}  # fmt: skip
        case EventType.CLASSIFIED | EventType.ACCEPTED:
            return {"triage": False, "referred_from_id": None}
        case EventType.REFERRED:
            return {"unit_id": None, "officer_id": None, "triage": False, "referrals": before.referrals + 1,
                    "referred_from_id": before.entity_id}  # fmt: skip
        case EventType.RETURNED:
            return {
                "unit_id": None,
                "officer_id": None,
                "referred_from_id": None,
                "referrals": before.referrals + 1,
            }
        case EventType.HANDED_BACK:
            return {"unit_id": None, "officer_id": None}
        case EventType.ASKED:
            return {"paused_at": at}
        case EventType.WROTE | EventType.RESUMED:
            return {"paused_at": None}
        case EventType.SUPPLIED:
            return {"disposition": None, "answered_at": None, "asked_again": False, **_NOT_SAID}
        case EventType.REPLY_SUBMITTED:
            return {"drafted_by_id": data["by"], "handlers": _with(before.handlers, data["by"])}
        case EventType.REPLY_SENT_BACK:
            return {"drafted_by_id": None}
        case EventType.ANSWERED | EventType.REPLY_APPROVED | EventType.ABUSE_CONFIRMED:
            late = at > _read(data).get("due_at", before.due_at)
            return {"answered_at": at, "answered_late": before.answered_late or late,
                    "asked_again": False, **_NOT_SAID, "drafted_by_id": None, "paused_at": None,
                    "snoozed_until": None, "handlers": _with(before.handlers, data["by"])}  # fmt: skip
        case EventType.CONFIRMED | EventType.DENIED:
            instead = {} if before.heard_by_id is None else {"heard_by_id": None, "stars": data.get("stars")}
            return {"solved": happened is EventType.CONFIRMED, **instead}
        case EventType.HEARD_SOLVED | EventType.HEARD_UNSOLVED:
            return {"solved": happened is EventType.HEARD_SOLVED}
        case EventType.APPEALED:
            return {
                **_A_NEW_TERM,
                "solved": False,
                "heard_by_id": None,
                "appeals": before.appeals + 1,
                "term_from": at,
            }
        case EventType.APPEAL_UPHELD:
            return {**_A_NEW_TERM, "unit_id": None, "officer_id": None, "reviewer_id": None, "term_from": at,
                    "disposition": None, "answered_at": None}  # fmt: skip
        case EventType.APPEAL_REJECTED:
            return {"reviewer_id": None}
        case EventType.OVERDUE:
            return {"rungs": before.rungs + 1, "level": higher(before.level, data["level"])}
        case EventType.IDLE:
            return {"idle_told": True}
        case EventType.UNREACHED:
            return {"unreached": True}
        case EventType.ASKED_AGAIN:
            return {"asked_again": True}
        case EventType.RECUSED:
            named = {"officer_id": None} if data["by"] == before.officer_id else {}
            return named | {"recused": _with(before.recused, data["by"])}
        case EventType.INSTRUCTED | EventType.HEAD_ASKED | EventType.DELEGATED if (
            "for" in data
        ):  # the first had none
            return {"instructions": (*before.instructions, before.seq + 1)}
        case EventType.REPORTED:
            return {"instructions": tuple(seq for seq in before.instructions if seq != data["of"])}
        case EventType.WITHDRAWN | EventType.MERGED:
            return {"instructions": ()}
        case EventType.ERASED:
            return {"instructions": (), "voice": False, "agreed": False, "released": 0}
        case EventType.RELEASED:
            return {"released": before.seq + 1}
        case EventType.TAKEN_DOWN:
            return {"released": 0}
        case EventType.KEPT_PRIVATE:
            return {"agreed": False, "released": 0}
        case EventType.TRANSCRIBED:
            return {"voice": False}
        case EventType.EXTENDED:
            return {"extensions": before.extensions + 1}
        case _:
            return {}


_NOT_SAID: Mapping[str, Any] = {"solved": None, "heard_by_id": None}
_NOBODY_ASKED: Mapping[str, Any] = {"tasks": (), "tasks_due": (), "units_asked": (), "bodies_asked": ()}


def _asked_of(before: CaseState, happened: EventType, data: Mapping[str, Any]) -> dict[str, Any]:
    """Of which units and bodies something is asked. With the answer it is over; with another body it begins anew."""
    match happened:
        case EventType.TASK_ASKED | EventType.JOIN_ASKED:
            left = _ended(before, data)
            return {
                "tasks": (*left["tasks"], before.seq + 1),
                "tasks_due": (*left["tasks_due"], datetime.fromisoformat(data["until"])),
                "units_asked": _with(left["units_asked"], data.get("asked_unit")),
                "bodies_asked": _with(left["bodies_asked"], data.get("asked_body")),
            }
        case EventType.TASK_DONE | EventType.TASK_CALLED_OFF | EventType.JOIN_RETURNED:
            return _ended(before, data)
        case EventType.TASK_LATE:
            late = datetime.fromisoformat(data["until"])
            return {"tasks_due": tuple(day for day in before.tasks_due if day != late)}
        case (
            EventType.ANSWERED
            | EventType.REPLY_APPROVED
            | EventType.ABUSE_CONFIRMED
            | EventType.WITHDRAWN
            | EventType.MERGED
        ):
            return {"tasks": (), "tasks_due": ()}
        case EventType.ERASED:
            return dict(_NOBODY_ASKED)
        case EventType.CONCERNS if data.get("entity_id") in (None, before.entity_id):
            return _ended(before, data)
        case EventType.UNDONE | EventType.FOLLOWED:
            return {}
        case _:
            return {} if data.get("entity_id") in (None, before.entity_id) else dict(_NOBODY_ASKED)


def _ended(before: CaseState, data: Mapping[str, Any]) -> dict[str, Any]:
    """Without the tasks that are over by this event, and without who sees the case no more."""
    return {
        "tasks": tuple(seq for seq in before.tasks if seq not in data.get("ended", ())),
        "tasks_due": _less(before.tasks_due, map(datetime.fromisoformat, data.get("ends", ()))),
        "units_asked": _less(before.units_asked, data.get("shut_units", ())),
        "bodies_asked": _less(before.bodies_asked, data.get("shut_bodies", ())),
    }


# Acts that the citizen sees, or that move the work on: the two idle days start anew. A note does not count.
_VISIBLE = {
    EventType.CLASSIFIED,
    EventType.ASSIGNED,
    EventType.REFERRED,
    EventType.ACCEPTED,
    EventType.RETURNED,
    EventType.ASKED,
    EventType.WROTE,
    EventType.SUPPLIED,
    EventType.RESUMED,
    EventType.ANSWERED,
    EventType.EXTENDED,
    EventType.COMMITTED,
    EventType.FULFILLED,
    EventType.REPLY_SUBMITTED,
    EventType.REPLY_SENT_BACK,
    EventType.APPEALED,
    EventType.APPEAL_UPHELD,
}


def _touched(before: CaseState, happened: EventType, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    seen = {"idle_from": at, "idle_told": False} if happened in _VISIBLE else {}
    return seen | {"unreached": False} if before.unreached and happened in _IN_TOUCH else seen


# The citizen has been here, or an officer has spoken with them: nobody needs to call.
_IN_TOUCH = {
    EventType.CALLED,
    EventType.HEARD_SOLVED,
    EventType.HEARD_UNSOLVED,
    EventType.WROTE,
    EventType.SUPPLIED,
    EventType.CONFIRMED,
    EventType.DENIED,
    EventType.APPEALED,
    EventType.WITHDRAWN,
    EventType.ERASED,
    EventType.KEPT_PRIVATE,
    EventType.CONTACT_CONFIRMED,
    EventType.CONTACT_CORRECTED,
}


def higher(a: str, b: str) -> str:
    """The higher of two levels; the empty one is the lowest."""
    return max(a, b, key=lambda level: LEVELS.index(level) if level else -1)


def _with(ids: tuple[int, ...], one: int | None) -> tuple[int, ...]:
    return ids if one is None or one in ids else (*ids, one)


def _less(all_: tuple[T, ...], gone: Iterable[T]) -> tuple[T, ...]:
    """Without these, each as often as it is named."""
    left = list(all_)
    for one in gone:
        if one in left:
            left.remove(one)
    return tuple(left)


def instant(at: datetime) -> str:
    """One spelling for one instant: UTC with microseconds."""
    return _spelled(at.astimezone(UTC))


@lru_cache(maxsize=1000)  # one event, and the next, spell the same dates
def _spelled(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
