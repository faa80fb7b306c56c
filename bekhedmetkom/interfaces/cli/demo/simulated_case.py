"""One case lived in memory by the same pure rules as `cases.journal`, and written the way it writes.

What the directory says is asked once, for a million cases.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from random import Random
from typing import Any, NamedTuple

from orjson import Fragment

from bekhedmetkom.cases.journal import build_event, compute_salted_hash, hash_texts
from bekhedmetkom.cases.rules.case_state import CaseState, build_initial_state, format_instant
from bekhedmetkom.cases.rules.deadlines import ScheduledEvent, find_next_scheduled_event
from bekhedmetkom.cases.rules.events import EVENTS
from bekhedmetkom.cases.rules.states import EventType, State
from bekhedmetkom.cases.rules.transitions import get_next_state
from bekhedmetkom.catalogue.queries import get_policy_version
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.kernel.actor import ActorKind
from bekhedmetkom.kernel.canonical_json import encode_canonical_json

CLOCK_ACTOR = "clock"
CITIZEN_ACTOR = "citizen"


class StoryEnded(Exception):
    """Nothing more happens: the case has ended, or the rest of its story lies in the future."""


class EventRow(NamedTuple):
    """A row of `event`."""

    seq: int
    state: State
    kind: EventType
    at: datetime
    actor: str
    data: str
    previous: bytes | None
    digest: bytes


class TextRow(NamedTuple):
    """A row of `case_text`."""

    seq: int
    field: str
    body: str
    salt: bytes


class DeadlineRules:
    """What the directory says of time, asked once."""

    def __init__(self) -> None:
        self.calendar = get_working_calendar()
        self.terms = cache(lambda policy: get_policy_version(policy).terms)


class SimulatedCase:
    """A case as it goes: its standing, its events, its texts. `now` is where the demonstration stands."""

    def __init__(
        self, reference: str, at: datetime, data: Mapping[str, Any], *, texts: Mapping[str, str],
        particulars: Mapping[str, str], actor: str, random: Random, now: datetime,
        rules: DeadlineRules,
    ) -> None:  # fmt: skip
        self.random, self.now, self.rules = random, now, rules
        self.events: list[EventRow] = []
        self.texts: list[TextRow] = []
        self.particulars = particulars
        self.salt = random.randbytes(16)
        self.head: bytes | None = None
        self.next: ScheduledEvent | None  # what time alone causes, if nothing happens before
        salted = self._add_salts(texts)
        given = (
            dict(data)
            | {"particulars": compute_salted_hash(self.salt, encode_canonical_json(particulars).decode())}
            | hash_texts(salted)
        )
        self.state, given = self._set_next_moment(None, build_initial_state(reference, at, given), given)
        self._append_row(EventType.SUBMITTED, actor, given, salted)

    def record(
        self,
        happened: EventType,
        at: datetime,
        by: int | str,
        data: Mapping[str, Any] | None = None,
        **texts: str,
    ) -> None:
        """Record what an officer (by id) or the citizen did, after all that time caused before.

        Raises `Over` for what lies after `now`, and the table's own refusal for what cannot happen here.
        """
        at = max(at, self.state.updated_at)
        if at > self.now:
            raise StoryEnded
        self.catch_up(at)
        own = {} if isinstance(by, str) else {"by": by}
        self._append_event(
            happened,
            at,
            by if isinstance(by, str) else f"{ActorKind.OFFICER}:{by}",
            own | dict(data or {}),
            texts,
        )

    def catch_up(self, at: datetime) -> None:
        """Record what time alone causes before `at`, as the sweep does."""
        while self.next and self.next.at < at:
            self._append_event(self.next.event_type, self.next.at, CLOCK_ACTOR, self.next.data, {})

    def _append_event(
        self,
        happened: EventType,
        at: datetime,
        actor: str,
        given: Mapping[str, Any],
        texts: Mapping[str, str],
    ) -> None:
        before = self.state
        salted = self._add_salts(texts)
        data = dict(given) | hash_texts(salted)
        moved = before.apply(EVENTS[happened](data), get_next_state(before.state, happened), at)
        self.state, data = self._set_next_moment(before, moved, data)
        self._append_row(happened, actor, data, salted)

    def _set_next_moment(
        self, before: CaseState | None, moved: CaseState, data: dict[str, Any]
    ) -> tuple[CaseState, dict[str, Any]]:
        self.next = find_next_scheduled_event(moved, self.rules.terms(moved.policy_id), self.rules.calendar)
        look_at = self.next.at if self.next else None
        if before and look_at == before.look_at:
            return moved, data
        object.__setattr__(moved, "look_at", look_at)  # cheaper than another copy; nobody has it yet
        return moved, data | {"look_at": format_instant(look_at) if look_at else None}

    def _append_row(
        self, happened: EventType, actor: str, data: dict[str, Any], salted: Mapping[str, tuple[str, bytes]]
    ) -> None:
        standing = self.state
        spelt = encode_canonical_json(data)
        event = encode_canonical_json(build_event(standing, happened, actor, Fragment(spelt)))
        digest = hashlib.sha256((self.head or b"") + event).digest()
        self.events.append(
            EventRow(standing.seq, standing.state, happened, standing.updated_at, actor, spelt.decode(),
                  self.head, digest)
        )  # fmt: skip
        self.texts.extend(TextRow(standing.seq, field, body, salt) for field, (body, salt) in salted.items())
        self.head = digest

    def _add_salts(self, texts: Mapping[str, str]) -> dict[str, tuple[str, bytes]]:
        return {field: (body, self.random.randbytes(16)) for field, body in texts.items()}
