"""The single interface through which a case changes: one row locked, its events appended, nothing else.

PostgreSQL holds the same line (migration 0002): a row that is not where its last event left it, a row that moves by
more than one, an event that moved no row, a change to an event: each is refused whoever tries.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from orjson import Fragment

from bekhedmetkom.catalogue.queries import get_policy_version
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.kernel.actor import CLOCK, Actor, ActorKind
from bekhedmetkom.kernel.canonical_json import encode_canonical_json
from bekhedmetkom.kernel.errors import Refusal
from bekhedmetkom.kernel.text import BilingualText

from . import attachments
from .models import build_case_state
from .rules.case_state import STATE_COLUMNS, CaseState, format_instant
from .rules.deadlines import find_calendar_change, find_next_scheduled_event
from .rules.events import EVENTS
from .rules.states import OPEN_STATES, EventType, State
from .rules.transitions import NON_CONFLICTING_EVENTS, get_next_state


class Conflict(Refusal):
    """Somebody changed the case since its caller looked: `seq` is where it is now, `changed` what happened since."""

    message = BilingualText(
        "تغيّر الطلب منذ فتحته. راجع ما استجد ثم أعد المحاولة.",
        "The case has changed since you opened it. See what is new, then try again.",
    )

    def __init__(self, seq: int, changed: Sequence[str]):
        self.seq = seq
        self.changed = changed
        super().__init__()


class CaseNotFound(Refusal):
    message = BilingualText("لا يوجد طلب بهذا الرقم.", "There is no such case.")


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody does to a case. `data` names columns and facts; `texts` are personal words, kept apart by field."""

    event_type: EventType
    data: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[UUID] = ()  # uploads that come with it
    shows_files: bool = False  # an officer's files that the citizen sees from now on
    leads_to: State | None = None  # for what is undone alone: all else leads where `TRANSITIONS` says


def record(
    *, case: UUID, seen: int | None, actor: Actor, at: datetime, decide: Callable[[CaseState], Change]
) -> int:
    """Append what `decide` says to a case's journal and move its row; returns the new sequence number.

    `decide` sees the case as it stands under the lock, after everything that time caused before `at`. `seen` is the
    sequence number that the caller acted on (`None`: whatever it is now): anything that a person did since raises
    `Conflict`; what time did since does not, nor how the citizen is reached.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        journal = _lock_case(cursor, case)
        if seen is not None:
            _raise_if_changed(cursor, case, seen, journal.standing.seq)
        at = max(at, journal.standing.updated_at)
        journal.catch_up(at)
        act = decide(journal.standing)
        journal.append(act, actor, at)
        return journal.standing.seq


def catch_up(case: UUID, at: datetime) -> list[EventType]:
    """Record what time alone has caused to a case before `at`; returns what that was. Again: nothing more."""
    with transaction.atomic(), connection.cursor() as cursor:
        journal = _lock_case(cursor, case)
        at = max(at, journal.standing.updated_at)  # a person may have acted since the round began
        return journal.catch_up(at) or journal.recompute_next_check(at)


class _LockedCase:
    """One case under its lock."""

    def __init__(self, cursor: CursorWrapper, case: UUID, standing: CaseState, head: bytes):
        self.cursor, self.case, self.standing, self.head = cursor, case, standing, head

    def catch_up(self, at: datetime) -> list[EventType]:
        happened = []
        calendar = get_working_calendar()
        if moved := find_calendar_change(
            self.standing, get_policy_version(self.standing.policy_id).terms, calendar, at
        ):
            self.append(Change(moved.event_type, moved.data), CLOCK, at)
            happened.append(moved.event_type)
        while moment := find_next_scheduled_event(
            self.standing, get_policy_version(self.standing.policy_id).terms, calendar
        ):
            if moment.at >= at:
                break
            self.append(Change(moment.event_type, moment.data), CLOCK, moment.at)
            happened.append(moment.event_type)
        return happened

    def recompute_next_check(self, at: datetime) -> list[EventType]:
        """After a change of the calendar the sweep would look at this case too early, or too late."""
        standing = self.standing
        moment = find_next_scheduled_event(
            standing, get_policy_version(standing.policy_id).terms, get_working_calendar()
        )
        if standing.state not in OPEN_STATES or moment is None or moment.at == standing.look_at:
            return []
        self.append(Change(EventType.RECOUNTED), CLOCK, at)
        return [EventType.RECOUNTED]

    def append(self, act: Change, actor: Actor, at: datetime) -> None:
        before = self.standing
        salted = {name: (body, secrets.token_bytes(16)) for name, body in act.texts.items()}
        files = attachments.find_uploads(act.files, at)
        data = dict(act.data) | hash_texts(salted) | attachments.build_file_data(files)
        to = act.leads_to or get_next_state(before.state, act.event_type)
        moved = before.apply(EVENTS[act.event_type](data), to, at)
        moved, data = schedule_next_check(before, moved, data)
        spelt = encode_canonical_json(data)
        digest = compute_event_hash(self.head, build_event(moved, act.event_type, actor, Fragment(spelt)))
        columns = {name: v for name in STATE_COLUMNS if (v := getattr(moved, name)) != getattr(before, name)}
        self.cursor.execute(
            APPEND_EVENT_SQL.format(assignments=", ".join(f"{name} = %({name})s" for name in columns)),
            {name: to_database_value(value) for name, value in columns.items()}
            | {
                "case": self.case, "event_kind": str(act.event_type), "at": at, "actor": str(actor),
                "previous": self.head, "head": digest, "data": spelt.decode(),
            },
        )  # fmt: skip
        for name, (body, salt) in salted.items():
            self.cursor.execute(INSERT_TEXT_SQL, [self.case, moved.seq, name, body, salt])
        if files:
            theirs = actor.kind is not ActorKind.OFFICER
            attachments.require_file_room(self.cursor, self.case, from_citizen=theirs, more=len(files))
            attachments.claim_uploads(
                self.cursor, self.case, moved.seq, files, from_citizen=theirs, shown=theirs or act.shows_files
            )
        attachments.update_file_visibility(self.cursor, self.case, data)
        self.standing, self.head = moved, digest


def schedule_next_check(
    before: CaseState | None, moved: CaseState, data: dict[str, Any]
) -> tuple[CaseState, dict[str, Any]]:
    """The same, with the moment at which the sweep has to look again, written into the event where it changes."""
    moment = find_next_scheduled_event(
        moved, get_policy_version(moved.policy_id).terms, get_working_calendar()
    )
    look_at = moment.at if moment else None
    if before and look_at == before.look_at:
        return moved, data
    return moved.replace({"look_at": look_at}), data | {
        "look_at": format_instant(look_at) if look_at else None
    }


def hash_texts(salted: Mapping[str, tuple[str, bytes]]) -> dict[str, Any]:
    """What an event keeps of personal words: a salted hash of each, which says nothing once the salt is gone."""
    if not salted:
        return {}
    return {"texts": {name: compute_salted_hash(salt, body) for name, (body, salt) in salted.items()}}


def compute_salted_hash(salt: bytes, body: str) -> str:
    return hashlib.sha256(salt + body.encode()).hexdigest()


def hash_particulars(salt: bytes, particulars: Mapping[str, str]) -> str:
    """What the first event keeps of who brought the case and where."""
    return compute_salted_hash(salt, encode_canonical_json(dict(particulars)).decode())


def build_event(
    standing: CaseState, happened: EventType, actor: Actor | str, data: Mapping[str, Any] | Fragment
) -> dict[str, Any]:
    """An event as its hash covers it: over the case's reference, not its key. `data` may be spelt already."""
    return {
        "case": standing.reference, "seq": standing.seq, "state": str(standing.state), "kind": str(happened),
        "at": format_instant(standing.updated_at), "actor": str(actor), "data": data,
    }  # fmt: skip


def compute_event_hash(previous: bytes | None, event: Mapping[str, Any]) -> bytes:
    """SHA-256 over the hash before and this event in canonical JSON (RFC 8785)."""
    return hashlib.sha256((previous or b"") + encode_canonical_json(event)).digest()


def to_database_value(value: Any) -> Any:
    """As psycopg stores it: tuples of ids are arrays, words are text."""
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, str) else value


def _lock_case(cursor: CursorWrapper, case: UUID) -> _LockedCase:
    cursor.execute(LOCK_CASE_SQL, [case])
    row = cursor.fetchone()
    if row is None:
        raise CaseNotFound
    return _LockedCase(
        cursor, case, build_case_state(dict(zip(STATE_COLUMNS, row, strict=False))), bytes(row[-2])
    )


def _raise_if_changed(cursor: CursorWrapper, case: UUID, seen: int, seq: int) -> None:
    if seen == seq:
        return
    cursor.execute(
        CHANGES_SINCE_SQL, [case, seen, str(CLOCK), [str(kind) for kind in NON_CONFLICTING_EVENTS]]
    )
    if (changed := [kind for (kind,) in cursor.fetchall()]) or seen > seq:
        raise Conflict(seq, changed)


# Whoever locks a case may see it to the end of the transaction, also where it moves out of their sight
# (row_security.py).
LOCK_CASE_SQL = """
SELECT {columns}, head, set_config('bk.locked', (let_in_locked() || id)::text, true)
FROM "case" WHERE id = %s FOR UPDATE
""".format(columns=", ".join(STATE_COLUMNS))

CHANGES_SINCE_SQL = """
SELECT kind FROM event WHERE case_id = %s AND seq > %s AND actor <> %s AND kind <> ALL (%s) ORDER BY seq
"""

APPEND_EVENT_SQL = """
WITH moved AS (
    UPDATE "case" SET {assignments}, head = %(head)s WHERE id = %(case)s RETURNING id, seq, state, head)
INSERT INTO event (case_id, seq, state, kind, at, actor, data, prev_hash, hash)
SELECT id, seq, state, %(event_kind)s, %(at)s, %(actor)s, %(data)s, %(previous)s, head FROM moved
"""

INSERT_TEXT_SQL = """
INSERT INTO case_text (case_id, seq, field, body, salt) VALUES (%s, %s, %s, %s, %s)
"""
