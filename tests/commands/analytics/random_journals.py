"""Random journals, written straight into the table: all that the workflow allows, and more than anybody would do.

Bodies, units, topics, kinds and dates change at any event, acts are taken back, time stands still or leaps, and often
meets a due date to the microsecond.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from bekhedmetkom.cases.rules.case_state import format_instant
from bekhedmetkom.cases.rules.states import EventType, State
from bekhedmetkom.cases.rules.transitions import TRANSITIONS
from bekhedmetkom.cases.rules.undo import UNDOABLE_EVENTS

BODY_IDS, UNIT_IDS, TOPIC_IDS, GOVERNORATE_IDS = (11, 12, 13), (21, 22), (31, 32, 33), (1, 2)
KINDS, CHANNELS, LANGUAGES = ("question", "complaint", "suggestion"), ("portal", "phone"), ("ar", "en")
LEVELS = ("manager", "head_of_body", "minister", "pm_unit")
TIME_STEPS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(hours=3),
    timedelta(days=1),
    timedelta(days=9),
    timedelta(days=40),
)
H = EventType
EVENTS_WITH_DEADLINE = (
    H.RESCHEDULED,
    H.WROTE,
    H.RESUMED,
    H.SUPPLIED,
    H.RECLASSIFIED,
    H.CLASSIFIED,
    H.ANSWERED,
    H.ABSORBED,
)


@dataclass(frozen=True, slots=True)
class EventRow:
    """A row of `event`."""

    seq: int
    kind: EventType
    state: State
    at: datetime
    data: Mapping[str, Any]


def generate_journal(chance: Random, began: datetime) -> list[EventRow]:
    """One case, from its receipt through up to twenty events."""
    at = began
    due = at + chance.choice(TIME_STEPS[1:])
    first = {
        "kind": chance.choice(KINDS), "entity_id": chance.choice(BODY_IDS), "due_at": format_instant(due),
        "service_id": chance.choice((*TOPIC_IDS, None)), "governorate_id": chance.choice((*GOVERNORATE_IDS, None)),
        "channel": chance.choice(CHANNELS), "language": chance.choice(LANGUAGES),
        "care": chance.choice(("open", "open", "open", "inspection")),
    } | ({"received_at": format_instant(at - timedelta(days=2))} if chance.random() < 0.2 else {})  # fmt: skip
    told = [EventRow(1, H.SUBMITTED, State.RECEIVED, at, first)]
    for _ in range(chance.randrange(20)):
        state = told[-1].state
        happened = chance.choice([kind for from_, kind in TRANSITIONS if from_ == state])
        at = due if chance.random() < 0.15 and due > at else at + chance.choice(TIME_STEPS)
        data = dict(_generate_data(chance, happened, at))
        due = datetime.fromisoformat(data.get("due_at", format_instant(due)))
        told.append(EventRow(len(told) + 1, happened, TRANSITIONS[state, happened], at, data))
        if happened in UNDOABLE_EVENTS and chance.random() < 0.2:
            before, due = told[-2], _get_deadline(told[:-1])
            told.append(
                EventRow(len(told) + 1, H.UNDONE, before.state, at, {"undoes": len(told), "entity_id": 99})
            )
    return told


def _get_deadline(told: list[EventRow]) -> datetime:
    undone = {event.data["undoes"] for event in told if event.kind is H.UNDONE}
    return datetime.fromisoformat(
        [e.data["due_at"] for e in told if "due_at" in e.data and e.seq not in undone][-1]
    )


def _generate_data(chance: Random, happened: EventType, at: datetime) -> Iterator[tuple[str, Any]]:
    match happened:
        case H.ASSIGNED | H.LEFT:
            yield "unit_id", chance.choice((*UNIT_IDS, None))
        case H.REFERRED | H.RETURNED | H.FOLLOWED | H.CONCERNS | H.CLASSIFIED:
            yield "entity_id", chance.choice(BODY_IDS)
            if chance.random() < 0.5:
                yield "service_id", chance.choice((*TOPIC_IDS, None))
        case H.RECLASSIFIED:
            yield "kind", chance.choice(KINDS)
            if chance.random() < 0.3:
                yield "care", "human_rights"
        case H.ANSWERED | H.REPLY_APPROVED | H.ABUSE_CONFIRMED:
            yield "disposition", chance.choice(("adopted", "upheld", "answered"))
        case H.CONFIRMED | H.DENIED | H.HEARD_SOLVED | H.HEARD_UNSOLVED if chance.random() < 0.6:
            yield "stars", chance.randint(1, 5)
        case H.APPEAL_UPHELD:
            yield "appeal_outcome", chance.choice(("upheld", "partly_upheld"))
        case H.LAPSED:
            yield "because", chance.choice(("silence", "not_appealed"))
        case H.OVERDUE | H.ESCALATED:
            yield "level", chance.choice(LEVELS)
    if happened in (H.APPEALED, H.APPEAL_UPHELD, H.EXTENDED) or (
        happened in EVENTS_WITH_DEADLINE and chance.random() < 0.3
    ):
        yield "due_at", format_instant(at + chance.choice(TIME_STEPS[1:]))


def insert_journal(case: UUID, told: list[EventRow]) -> None:
    """Append these events; the first of a case brings its row. No trigger looks: these are nobody's cases."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        if told[0].seq == 1:
            cursor.execute(INSERT_CASE, {"case": case, "at": told[0].at})
        for event in told:
            cursor.execute(
                "INSERT INTO event (case_id, seq, state, kind, at, actor, data, hash)"
                " VALUES (%s, %s, %s, %s, %s, 'clock', %s, '')",
                [case, event.seq, str(event.state), str(event.kind), event.at, json.dumps(event.data)],
            )
        cursor.execute("SET LOCAL session_replication_role = 'origin'")


def generate_journals(chance: Random, cases: int, began: datetime) -> list[tuple[UUID, list[EventRow]]]:
    """The journals of so many cases, not yet written."""
    return [
        (uuid4(), generate_journal(chance, began + timedelta(hours=chance.randrange(1000))))
        for _ in range(cases)
    ]


INSERT_CASE = """
INSERT INTO "case" (id, reference, state, seq, head, kind, entity_id, policy_id, received_at, updated_at, term_from,
    due_at, promised_at, idle_from, triage, care, channel, language, urgent, withheld, idle_told, reminded, rungs,
    level, paused_days, extended_days, extensions, referrals, answered_late, asked_again, appeals, merged_into,
    handlers, recused)
VALUES (%(case)s, left(%(case)s::text, 12), 'received', 1, '', 'question', 1, 1, %(at)s, %(at)s, %(at)s, %(at)s, %(at)s,
    %(at)s, false, 'open', 'portal', 'ar', false, false, false, 0, 0, '', 0, 0, 0, 0, false, false, 0, '', '{}', '{}')
"""
