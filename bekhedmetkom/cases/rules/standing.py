"""Where a case stands: every column that its journal decides, and how each event changes them.

`case` rows have these columns and no others that events set: replaying a journal gives the row, to the last column.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from bekhedmetkom.catalogue.rules import Disposition, Handling, Kind, Level

from .states import Happened, State

T = TypeVar("T")


@dataclass(frozen=True)
class Standing:
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

    def then(self, happened: Happened, state: State, at: datetime, data: Mapping[str, Any]) -> "Standing":
        """Where it stands once this has happened."""
        moved = {"state": state, "seq": self.seq + 1, "updated_at": at}
        return self.with_(moved | changes(self, happened, at, data))

    def with_(self, columns: Mapping[str, Any]) -> "Standing":
        """The same but for these columns: `replace` at a tenth of its cost, for whole journals are replayed."""
        new = object.__new__(Standing)
        new.__dict__.update(self.__dict__)
        new.__dict__.update(columns)
        return new


LEVELS = [str(level) for level in Level]  # from the lowest to the highest
COLUMNS = tuple(field.name for field in fields(Standing))
VALUES = attrgetter(*COLUMNS)


def begun(reference: str, at: datetime, data: Mapping[str, Any]) -> Standing:
    """The first standing, from the data of `case.submitted`; a letter had come before it was registered."""
    read = _read(data)
    received = read.pop("received_at", at)
    read.setdefault("term_from", received)
    return Standing(
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


def replayed(reference: str, journal: Iterable[Fact]) -> Iterator[Standing]:
    """Where a case stood after each event of its journal, from the first on."""
    standing: Standing | None = None
    for event in journal:
        if standing is None:
            standing = begun(reference, event.at, event.data)
        else:
            standing = standing.then(Happened(event.kind), State(event.state), event.at, event.data)
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
_GIVEN = {field.name for field in fields(Standing)} - {"reference", "state", "seq", "recused"}


def _read(data: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that an event's data names outright. Canonical JSON has no booleans or dates of its own here."""
    return {
        name: _READERS[name](value) if name in _READERS and value is not None else value
        for name, value in data.items()
        if name in _GIVEN
    }


_A_NEW_TERM: Mapping[str, Any] = {"reminded": 0, "rungs": 0, "level": "", "paused_days": 0, "extended_days": 0,
                                  "extensions": 0, "snoozed_until": None}  # fmt: skip


def changes(before: Standing, happened: Happened, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that an event sets: those its data names, and what the kind of event itself means."""
    moved = _read(data) | _meaning(before, happened, at, data) | _touched(before, happened, at, data)
    return moved | _asked_of(before, happened, data)


def _meaning(before: Standing, happened: Happened, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    match happened:
        case Happened.ASSIGNED:
            return {"triage": False, "referred_from_id": None, "snoozed_until": None,
                    "handlers": _with(before.handlers, data.get("officer_id"))}  # fmt: skip
        case Happened.CLASSIFIED | Happened.ACCEPTED:
            return {"triage": False, "referred_from_id": None}
        case Happened.REFERRED:
            return {"unit_id": None, "officer_id": None, "triage": False, "referrals": before.referrals + 1,
                    "referred_from_id": before.entity_id}  # fmt: skip
        case Happened.RETURNED:
            return {
                "unit_id": None,
                "officer_id": None,
                "referred_from_id": None,
                "referrals": before.referrals + 1,
            }
        case Happened.HANDED_BACK:
            return {"unit_id": None, "officer_id": None}
        case Happened.ASKED:
            return {"paused_at": at}
        case Happened.WROTE | Happened.RESUMED:
            return {"paused_at": None}
        case Happened.SUPPLIED:
            return {"disposition": None, "answered_at": None, "asked_again": False, **_NOT_SAID}
        case Happened.REPLY_SUBMITTED:
            return {"drafted_by_id": data["by"], "handlers": _with(before.handlers, data["by"])}
        case Happened.REPLY_SENT_BACK:
            return {"drafted_by_id": None}
        case Happened.ANSWERED | Happened.REPLY_APPROVED | Happened.ABUSE_CONFIRMED:
            late = at > _read(data).get("due_at", before.due_at)
            return {"answered_at": at, "answered_late": before.answered_late or late,
                    "asked_again": False, **_NOT_SAID, "drafted_by_id": None, "paused_at": None,
                    "snoozed_until": None, "handlers": _with(before.handlers, data["by"])}  # fmt: skip
        case Happened.CONFIRMED | Happened.DENIED:
            instead = {} if before.heard_by_id is None else {"heard_by_id": None, "stars": data.get("stars")}
            return {"solved": happened is Happened.CONFIRMED, **instead}
        case Happened.HEARD_SOLVED | Happened.HEARD_UNSOLVED:
            return {"solved": happened is Happened.HEARD_SOLVED}
        case Happened.APPEALED:
            return {
                **_A_NEW_TERM,
                "solved": False,
                "heard_by_id": None,
                "appeals": before.appeals + 1,
                "term_from": at,
            }
        case Happened.APPEAL_UPHELD:
            return {**_A_NEW_TERM, "unit_id": None, "officer_id": None, "reviewer_id": None, "term_from": at,
                    "disposition": None, "answered_at": None}  # fmt: skip
        case Happened.APPEAL_REJECTED:
            return {"reviewer_id": None}
        case Happened.OVERDUE:
            return {"rungs": before.rungs + 1, "level": higher(before.level, data["level"])}
        case Happened.IDLE:
            return {"idle_told": True}
        case Happened.UNREACHED:
            return {"unreached": True}
        case Happened.ASKED_AGAIN:
            return {"asked_again": True}
        case Happened.RECUSED:
            named = {"officer_id": None} if data["by"] == before.officer_id else {}
            return named | {"recused": _with(before.recused, data["by"])}
        case Happened.INSTRUCTED | Happened.HEAD_ASKED | Happened.DELEGATED if (
            "for" in data
        ):  # the first had none
            return {"instructions": (*before.instructions, before.seq + 1)}
        case Happened.REPORTED:
            return {"instructions": tuple(seq for seq in before.instructions if seq != data["of"])}
        case Happened.WITHDRAWN | Happened.MERGED:
            return {"instructions": ()}
        case Happened.ERASED:
            return {"instructions": (), "voice": False, "agreed": False, "released": 0}
        case Happened.RELEASED:
            return {"released": before.seq + 1}
        case Happened.TAKEN_DOWN:
            return {"released": 0}
        case Happened.KEPT_PRIVATE:
            return {"agreed": False, "released": 0}
        case Happened.TRANSCRIBED:
            return {"voice": False}
        case Happened.EXTENDED:
            return {"extensions": before.extensions + 1}
        case _:
            return {}


_NOT_SAID: Mapping[str, Any] = {"solved": None, "heard_by_id": None}
_NOBODY_ASKED: Mapping[str, Any] = {"tasks": (), "tasks_due": (), "units_asked": (), "bodies_asked": ()}


def _asked_of(before: Standing, happened: Happened, data: Mapping[str, Any]) -> dict[str, Any]:
    """Of which units and bodies something is asked. With the answer it is over; with another body it begins anew."""
    match happened:
        case Happened.TASK_ASKED | Happened.JOIN_ASKED:
            left = _ended(before, data)
            return {
                "tasks": (*left["tasks"], before.seq + 1),
                "tasks_due": (*left["tasks_due"], datetime.fromisoformat(data["until"])),
                "units_asked": _with(left["units_asked"], data.get("asked_unit")),
                "bodies_asked": _with(left["bodies_asked"], data.get("asked_body")),
            }
        case Happened.TASK_DONE | Happened.TASK_CALLED_OFF | Happened.JOIN_RETURNED:
            return _ended(before, data)
        case Happened.TASK_LATE:
            late = datetime.fromisoformat(data["until"])
            return {"tasks_due": tuple(day for day in before.tasks_due if day != late)}
        case (
            Happened.ANSWERED
            | Happened.REPLY_APPROVED
            | Happened.ABUSE_CONFIRMED
            | Happened.WITHDRAWN
            | Happened.MERGED
        ):
            return {"tasks": (), "tasks_due": ()}
        case Happened.ERASED:
            return dict(_NOBODY_ASKED)
        case Happened.CONCERNS if data.get("entity_id") in (None, before.entity_id):
            return _ended(before, data)
        case Happened.UNDONE | Happened.FOLLOWED:
            return {}
        case _:
            return {} if data.get("entity_id") in (None, before.entity_id) else dict(_NOBODY_ASKED)


def _ended(before: Standing, data: Mapping[str, Any]) -> dict[str, Any]:
    """Without the tasks that are over by this event, and without who sees the case no more."""
    return {
        "tasks": tuple(seq for seq in before.tasks if seq not in data.get("ended", ())),
        "tasks_due": _less(before.tasks_due, map(datetime.fromisoformat, data.get("ends", ()))),
        "units_asked": _less(before.units_asked, data.get("shut_units", ())),
        "bodies_asked": _less(before.bodies_asked, data.get("shut_bodies", ())),
    }


# Acts that the citizen sees, or that move the work on: the two idle days start anew. A note does not count.
_VISIBLE = {
    Happened.CLASSIFIED, Happened.ASSIGNED, Happened.REFERRED, Happened.ACCEPTED, Happened.RETURNED, Happened.ASKED,
    Happened.WROTE, Happened.SUPPLIED, Happened.RESUMED, Happened.ANSWERED, Happened.EXTENDED, Happened.COMMITTED,
    Happened.FULFILLED, Happened.REPLY_SUBMITTED, Happened.REPLY_SENT_BACK, Happened.APPEALED, Happened.APPEAL_UPHELD,
}  # fmt: skip


def _touched(before: Standing, happened: Happened, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    seen = {"idle_from": at, "idle_told": False} if happened in _VISIBLE else {}
    return seen | {"unreached": False} if before.unreached and happened in _IN_TOUCH else seen


# The citizen has been here, or an officer has spoken with them: nobody needs to call.
_IN_TOUCH = {
    Happened.CALLED, Happened.HEARD_SOLVED, Happened.HEARD_UNSOLVED,
    Happened.WROTE, Happened.SUPPLIED, Happened.CONFIRMED, Happened.DENIED, Happened.APPEALED,
    Happened.WITHDRAWN, Happened.ERASED, Happened.KEPT_PRIVATE, Happened.CONTACT_CONFIRMED, Happened.CONTACT_CORRECTED,
}  # fmt: skip


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
