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

from ..models import Case, CaseText, Event
from ..rules.case_state import CaseState
from ..rules.contact import THEIRS, YOURS, Contact
from ..rules.event_texts import BY_RULE, CARRIED, REGISTERED, SPLIT_OFF, THERE, VIA
from ..rules.events import EVENTS
from ..rules.looking import TOLD as LOOKED
from ..rules.looking import Why
from ..rules.states import OPEN, EventType
from ..rules.undoing import undone_in
from .rows import Row

# What people wrote that the citizen may read. Everything else stays inside.
CITIZENS_FIELDS = frozenset({
    "text", "title", "transcript", "message", "question", "answer", "reason", "comment", "appeal", "decision",
    "commitment", "fulfilment", "public", "public_answer",
})  # fmt: skip
NOTHING = BilingualText("", "")
_SOMEBODY = BilingualText("موظف مسؤول", "an officer")
_AN_OFFICER = BilingualText("موظف", "An officer")
_OF_AN_OFFICE = {  # whose role is called by where they work
    Role.MINISTER_OFFICE: BilingualText("موظف في مكتب الوزير", "An officer of the minister's office"),
    Role.PM_UNIT: BilingualText(
        "موظف في وحدة المتابعة في رئاسة الوزراء", "An officer of the Prime Ministry's follow-up unit"
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """Words that somebody wrote with an event: `field` says what they are."""

    field: str
    body: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a person reads it. `by` is empty where the citizen or the clock did it, or for a citizen's eyes.

    `undone`: its officer took it back at once; only officers read of it.
    """

    seq: int
    at: datetime
    happened: EventType
    words: BilingualText
    texts: tuple[Said, ...]
    by: BilingualText
    actor: str
    undone: bool


class Past(NamedTuple):
    """An event as it is read for telling it."""

    seq: int
    kind: str
    at: datetime
    actor: str
    data: Mapping[str, Any]


Text = tuple[int, str, str]  # the event with which it came, its field, its words


def told_to_citizen(case: Case) -> list[Entry]:
    """The case's story for the one who brought it, newest first; names of officers are not in it."""
    events = Event.objects.filter(case=case).order_by("-seq").values_list(*Past._fields)
    texts = CaseText.objects.filter(case=case).order_by("pk").values_list("seq", "field", "body")
    theirs = [text for text in texts if text[1] in CITIZENS_FIELDS]
    return _told(case.entity_id, [Past(*event) for event in events], theirs, {}, inside=False)


def told_inside(
    entity: int, events: Sequence[Past], texts: Iterable[Text], people: Mapping[int, BilingualText]
) -> list[Entry]:
    """The whole journal, newest first as `events` are, for officers who have the case."""
    return _told(entity, events, texts, people, inside=True)


def _told(
    entity: int,
    events: Sequence[Past],
    texts: Iterable[Text],
    people: Mapping[int, BilingualText],
    *,
    inside: bool,
) -> list[Entry]:
    said: dict[int, list[Said]] = {}
    for seq, field, body in texts:
        said.setdefault(seq, []).append(Said(field, body))
    told = []
    bodies, undone = _bodies(events), undone_in(events)
    for event in events:
        happened = EventType(event.kind)
        said_of = REGISTERED.get(event.data.get("channel", ""), EVENTS[happened])
        if "split_from" in event.data:
            said_of = SPLIT_OFF
        words = said_of.officer_text if inside else said_of.citizen_text
        if words is None or (event.seq in undone and not inside):
            continue
        if inside and event.data.get("rule"):
            words = BY_RULE
        entity = bodies[event.seq]
        told.append(
            Entry(
                event.seq,
                event.at,
                happened,
                words.format(**blanks(event.data, entity, get_local_date(event.at), people)),
                tuple(said.get(event.seq, ())),
                people.get(officer_of(event.actor) or 0, NOTHING),
                event.actor if inside else event.actor.partition(":")[0],
                event.seq in undone,
            )
        )
    return told


def called(case: CaseState | Row) -> BilingualText:
    """Its body: as it is called today while the case is open, afterwards as it was called when the case last moved."""
    body = get_tree()[case.entity_id]
    return body.name if case.state in OPEN else body.get_name_on(get_local_date(case.updated_at))


_OTHER_CASE = ("into", "merged_into", "from", "split_from")


def blanks(
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
        "assignee": beside(unit, officer) if unit else officer or _SOMEBODY,
        "until": format_in_both_languages(format_date, day) if day else NOTHING,
        "level": LEVEL_LABELS[EscalationLevel(level)] if level else NOTHING,
        "outcome": DISPOSITION_LABELS[Disposition(outcome)] if outcome else NOTHING,
        "reference": next((data[name] for name in _OTHER_CASE if name in data), ""),
        "asked": _asked(data, day_of, people),
        "joined": _joined(data, day_of),
        "left": people.get(data.get("left") or 0, _SOMEBODY),
        "about": _about(data, people),
        "mentioned": _mentioned(data, people),
        "charge": ROLE_LABELS[Role(charge)] if (charge := data.get("for")) in set(Role) else NOTHING,
        "percent": format_percentage(data.get("reminded", 0)),
        "contact": YOURS[Contact(data["contact"])] if "contact" in data else NOTHING,
        "their_contact": THEIRS[Contact(data["contact"])] if "contact" in data else NOTHING,
        "came": format_in_both_languages(
            format_date, get_local_date(datetime.fromisoformat(data["received_at"]))
        )
        if "received_at" in data
        else format_in_both_languages(format_date, day_of),
        "problem": data.get("was") or data.get("problem_id") or "",
        "via": VIA.get(data.get("via", ""), NOTHING),
        "carried": CARRIED.get(data.get("told", ""), NOTHING),
        "there": data.get("far_id", ""),
        "standing": THERE.get(data.get("far_status", ""), NOTHING),
        "looker": _looker(data, day_of),
        "why": LOOKED[Why(data["why"])] if "why" in data else NOTHING,
    }


def _about(data: Mapping[str, Any], people: Mapping[int, BilingualText]) -> BilingualText:
    section, officer = (
        get_units().get(data.get("about_unit_id") or 0),
        people.get(data.get("about_officer_id") or 0),
    )
    return officer or (section.name if section else _SOMEBODY)


def _asked(data: Mapping[str, Any], day: date, people: Mapping[int, BilingualText]) -> BilingualText:
    """Of which unit, perhaps of whom there, or of which body, something is asked."""
    section, body = get_units().get(data.get("asked_unit") or 0), data.get("asked_body")
    if body:
        return get_tree()[body].get_name_on(day)
    return beside(section.name, people.get(data.get("asked_officer") or 0)) if section else NOTHING


def _joined(data: Mapping[str, Any], day: date) -> BilingualText:
    bodies = [get_tree()[body].get_name_on(day) for body in data.get("with", ())]
    return BilingualText(f" بمشاركة {_and(bodies).ar}", f", with {_and(bodies).en}") if bodies else NOTHING


def _and(several: Sequence[BilingualText]) -> BilingualText:
    return BilingualText(" و".join(one.ar for one in several), " and ".join(one.en for one in several))


def _looker(data: Mapping[str, Any], day: date) -> BilingualText:
    """Who looked at somebody's name: by role and body, never by name. Old events say neither."""
    if "role" not in data:
        return _AN_OFFICER
    role = _OF_AN_OFFICE.get(Role(data["role"]), ROLE_LABELS[Role(data["role"])])
    body = (
        get_tree()[data["body"]].get_name_on(day) if data["body"] and data["role"] != Role.PM_UNIT else None
    )
    return BilingualText(f"{role.ar} من {body.ar}", f"{role.en} ({body.en})") if body else role


def beside(unit: BilingualText, officer: BilingualText | None) -> BilingualText:
    """A unit, with one of its officers."""
    return BilingualText(f"{unit.ar}، {officer.ar}", f"{unit.en}, {officer.en}") if officer else unit


def _bodies(events: Sequence[Past]) -> dict[int, int]:
    """The body that had the case after each event."""
    bodies: dict[int, int] = {}
    entity = 0
    for event in reversed(events):
        entity = event.data.get("entity_id") or entity
        bodies[event.seq] = entity
    return bodies


def _mentioned(data: Mapping[str, Any], people: Mapping[int, BilingualText]) -> BilingualText:
    who = [people.get(officer, _SOMEBODY) for officer in data.get("mentions", ())]
    if not who:
        return NOTHING
    return BilingualText(
        f"، وأُشير إلى {'، '.join(w.ar for w in who)}", f", mentioning {', '.join(w.en for w in who)}"
    )


def officers_in(events: Collection[Past]) -> set[int]:
    """Whom a journal names."""
    names = ("officer_id", "left", "about_officer_id", "asked_officer")
    named = {event.data.get(name) for event in events for name in names}
    named |= {officer_of(event.actor) for event in events}
    named |= {officer for event in events for officer in event.data.get("mentions", ())}
    return {officer for officer in named if officer}


def officer_of(actor: str) -> int | None:
    """The officer's key, from an actor as the journal spells it."""
    kind, _, key = actor.partition(":")
    return int(key) if kind == "officer" else None
