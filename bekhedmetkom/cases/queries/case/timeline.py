"""The journal in sentences: each event with its blanks filled, for the citizen or for the officers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from bekhedmetkom.catalogue.rules import DISPOSITION_LABELS, LEVEL_LABELS, Disposition, EscalationLevel
from bekhedmetkom.entities.queries import get_tree, get_units
from bekhedmetkom.identity.rules import ROLE_LABELS, Role
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.formatting import format_date, format_in_both_languages, format_percentage
from bekhedmetkom.kernel.text import BilingualText

from ...models import Case, CaseText, Event
from ...rules.access_reasons import REASON_TEXTS as LOOKED
from ...rules.access_reasons import AccessReason
from ...rules.case_state import CaseState
from ...rules.contact import THEIR_CONTACT_LABELS, YOUR_CONTACT_LABELS, ContactType
from ...rules.event_texts import (
    ASSIGNED_BY_RULE,
    CHANNEL_PHRASES,
    FORWARDED_DETAIL_PHRASES,
    REGISTERED_TEXTS,
    REMOTE_STATUS_PHRASES,
    SPLIT_CASE_TEXT,
)
from ...rules.events import EVENTS
from ...rules.states import OPEN_STATES, EventType
from ...rules.undo import list_undone_events
from ..lists.case_rows import CaseRow

# What people wrote that the citizen may read. Everything else stays inside.
CITIZEN_TEXT_FIELDS = frozenset({
    "text", "title", "transcript", "message", "question", "answer", "reason", "comment", "appeal", "decision",
    "commitment", "fulfilment", "public", "public_answer",
})  # fmt: skip
EMPTY_TEXT = BilingualText("", "")
_SOMEBODY = BilingualText("موظف مسؤول", "an officer")
_AN_OFFICER = BilingualText("موظف", "An officer")
_OFFICE_ROLE_NAMES = {  # whose role is called by where they work
    Role.MINISTER_OFFICE: BilingualText("موظف في مكتب الوزير", "An officer of the minister's office"),
    Role.PM_UNIT: BilingualText(
        "موظف في وحدة المتابعة في رئاسة الوزراء", "An officer of the Prime Ministry's follow-up unit"
    ),
}


@dataclass(frozen=True, slots=True)
class EntryText:
    """Words that somebody wrote with an event: `field` says what they are."""

    field: str
    body: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event as a person reads it. `by` is empty where the citizen or the clock did it, or for a citizen's eyes.

    `undone`: its officer took it back at once; only officers read of it.
    """

    seq: int
    at: datetime
    happened: EventType
    words: BilingualText
    texts: tuple[EntryText, ...]
    by: BilingualText
    actor: str
    undone: bool


class PastEvent(NamedTuple):
    """An event as it is read for telling it."""

    seq: int
    kind: str
    at: datetime
    actor: str
    data: Mapping[str, Any]


TextRow = tuple[int, str, str]  # the event with which it came, its field, its words


def build_citizen_timeline(case: Case) -> list[TimelineEntry]:
    """The case's story for the one who brought it, newest first; names of officers are not in it."""
    events = Event.objects.filter(case=case).order_by("-seq").values_list(*PastEvent._fields)
    texts = CaseText.objects.filter(case=case).order_by("pk").values_list("seq", "field", "body")
    theirs = [text for text in texts if text[1] in CITIZEN_TEXT_FIELDS]
    return _build_timeline(case.entity_id, [PastEvent(*event) for event in events], theirs, {}, inside=False)


def build_officer_timeline(
    entity: int, events: Sequence[PastEvent], texts: Iterable[TextRow], people: Mapping[int, BilingualText]
) -> list[TimelineEntry]:
    """The whole journal, newest first as `events` are, for officers who have the case."""
    return _build_timeline(entity, events, texts, people, inside=True)


def _build_timeline(
    entity: int,
    events: Sequence[PastEvent],
    texts: Iterable[TextRow],
    people: Mapping[int, BilingualText],
    *,
    inside: bool,
) -> list[TimelineEntry]:
    said: dict[int, list[EntryText]] = {}
    for seq, field, body in texts:
        said.setdefault(seq, []).append(EntryText(field, body))
    told = []
    bodies, undone = _get_bodies_by_event(events), list_undone_events(events)
    for event in events:
        happened = EventType(event.kind)
        said_of = REGISTERED_TEXTS.get(event.data.get("channel", ""), EVENTS[happened])
        if "split_from" in event.data:
            said_of = SPLIT_CASE_TEXT
        words = said_of.officer_text if inside else said_of.citizen_text
        if words is None or (event.seq in undone and not inside):
            continue
        if inside and event.data.get("rule"):
            words = ASSIGNED_BY_RULE
        entity = bodies[event.seq]
        told.append(
            TimelineEntry(
                event.seq,
                event.at,
                happened,
                words.format(**build_event_values(event.data, entity, get_local_date(event.at), people)),
                tuple(said.get(event.seq, ())),
                people.get(parse_officer_id(event.actor) or 0, EMPTY_TEXT),
                event.actor if inside else event.actor.partition(":")[0],
                event.seq in undone,
            )
        )
    return told


def get_body_name(case: CaseState | CaseRow) -> BilingualText:
    """Its body: as it is called today while the case is open, afterwards as it was called when the case last moved."""
    body = get_tree()[case.entity_id]
    return body.name if case.state in OPEN_STATES else body.get_name_on(get_local_date(case.updated_at))


_OTHER_CASE_KEYS = ("into", "merged_into", "from", "split_from")


def build_event_values(
    data: Mapping[str, Any], entity: int, day_of: date, people: Mapping[int, BilingualText]
) -> dict[str, object]:
    """What fills the blanks of an event's sentence; bodies are called as they were on that day."""
    until = data.get("due_at") or data.get("until") or data.get("snoozed_until")
    day = get_local_date(datetime.fromisoformat(until)) if until else None
    level = data.get("level") or data.get("to")
    outcome = data.get("appeal_outcome") or data.get("disposition")
    section, officer = get_units().get(data.get("unit_id") or 0), people.get(data.get("officer_id") or 0)
    unit = section.name if section else None
    return {
        "entity": get_tree()[entity].get_name_on(day_of),
        "unit": unit or _SOMEBODY,
        "assignee": join_unit_and_officer(unit, officer) if unit else officer or _SOMEBODY,
        "until": format_in_both_languages(format_date, day) if day else EMPTY_TEXT,
        "level": LEVEL_LABELS[EscalationLevel(level)] if level else EMPTY_TEXT,
        "outcome": DISPOSITION_LABELS[Disposition(outcome)] if outcome else EMPTY_TEXT,
        "reference": next((data[name] for name in _OTHER_CASE_KEYS if name in data), ""),
        "asked": _get_asked_name(data, day_of, people),
        "joined": _build_participants_phrase(data, day_of),
        "left": people.get(data.get("left") or 0, _SOMEBODY),
        "about": _get_complaint_subject(data, people),
        "mentioned": _build_mentions_phrase(data, people),
        "charge": ROLE_LABELS[Role(charge)] if (charge := data.get("for")) in set(Role) else EMPTY_TEXT,
        "percent": format_percentage(data.get("reminded", 0)),
        "contact": YOUR_CONTACT_LABELS[ContactType(data["contact"])] if "contact" in data else EMPTY_TEXT,
        "their_contact": THEIR_CONTACT_LABELS[ContactType(data["contact"])]
        if "contact" in data
        else EMPTY_TEXT,
        "came": format_in_both_languages(
            format_date, get_local_date(datetime.fromisoformat(data["received_at"]))
        )
        if "received_at" in data
        else format_in_both_languages(format_date, day_of),
        "problem": data.get("was") or data.get("problem_id") or "",
        "via": CHANNEL_PHRASES.get(data.get("via", ""), EMPTY_TEXT),
        "carried": FORWARDED_DETAIL_PHRASES.get(data.get("told", ""), EMPTY_TEXT),
        "there": data.get("far_id", ""),
        "standing": REMOTE_STATUS_PHRASES.get(data.get("far_status", ""), EMPTY_TEXT),
        "looker": _get_viewer_name(data, day_of),
        "why": LOOKED[AccessReason(data["why"])] if "why" in data else EMPTY_TEXT,
    }


def _get_complaint_subject(data: Mapping[str, Any], people: Mapping[int, BilingualText]) -> BilingualText:
    section, officer = (
        get_units().get(data.get("about_unit_id") or 0),
        people.get(data.get("about_officer_id") or 0),
    )
    return officer or (section.name if section else _SOMEBODY)


def _get_asked_name(data: Mapping[str, Any], day: date, people: Mapping[int, BilingualText]) -> BilingualText:
    """Of which unit, perhaps of whom there, or of which body, something is asked."""
    section, body = get_units().get(data.get("asked_unit") or 0), data.get("asked_body")
    if body:
        return get_tree()[body].get_name_on(day)
    return (
        join_unit_and_officer(section.name, people.get(data.get("asked_officer") or 0))
        if section
        else EMPTY_TEXT
    )


def _build_participants_phrase(data: Mapping[str, Any], day: date) -> BilingualText:
    bodies = [get_tree()[body].get_name_on(day) for body in data.get("with", ())]
    return (
        BilingualText(f" بمشاركة {_join_names(bodies).ar}", f", with {_join_names(bodies).en}")
        if bodies
        else EMPTY_TEXT
    )


def _join_names(several: Sequence[BilingualText]) -> BilingualText:
    return BilingualText(" و".join(one.ar for one in several), " and ".join(one.en for one in several))


def _get_viewer_name(data: Mapping[str, Any], day: date) -> BilingualText:
    """Who looked at somebody's name: by role and body, never by name. Old events say neither."""
    if "role" not in data:
        return _AN_OFFICER
    role = _OFFICE_ROLE_NAMES.get(Role(data["role"]), ROLE_LABELS[Role(data["role"])])
    body = (
        get_tree()[data["body"]].get_name_on(day) if data["body"] and data["role"] != Role.PM_UNIT else None
    )
    return BilingualText(f"{role.ar} من {body.ar}", f"{role.en} ({body.en})") if body else role


def join_unit_and_officer(unit: BilingualText, officer: BilingualText | None) -> BilingualText:
    """A unit, with one of its officers."""
    return BilingualText(f"{unit.ar}، {officer.ar}", f"{unit.en}, {officer.en}") if officer else unit


def _get_bodies_by_event(events: Sequence[PastEvent]) -> dict[int, int]:
    """The body that had the case after each event."""
    bodies: dict[int, int] = {}
    entity = 0
    for event in reversed(events):
        entity = event.data.get("entity_id") or entity
        bodies[event.seq] = entity
    return bodies


def _build_mentions_phrase(data: Mapping[str, Any], people: Mapping[int, BilingualText]) -> BilingualText:
    who = [people.get(officer, _SOMEBODY) for officer in data.get("mentions", ())]
    if not who:
        return EMPTY_TEXT
    return BilingualText(
        f"، وأُشير إلى {'، '.join(w.ar for w in who)}", f", mentioning {', '.join(w.en for w in who)}"
    )


def list_named_officers(events: Collection[PastEvent]) -> set[int]:
    """Whom a journal names."""
    names = ("officer_id", "left", "about_officer_id", "asked_officer")
    named = {event.data.get(name) for event in events for name in names}
    named |= {parse_officer_id(event.actor) for event in events}
    named |= {officer for event in events for officer in event.data.get("mentions", ())}
    return {officer for officer in named if officer}


def parse_officer_id(actor: str) -> int | None:
    """The officer's key, from an actor as the journal spells it."""
    kind, _, key = actor.partition(":")
    return int(key) if kind == "officer" else None
