"""One case as an officer works on it: everything on one page."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bekhedmetkom.catalogue.queries import get_policy_version, get_service
from bekhedmetkom.catalogue.rules import DISPOSITIONS_BY_KIND, Disposition, EscalationLevel
from bekhedmetkom.entities.queries import get_governorates, get_tree, get_units, get_working_calendar
from bekhedmetkom.identity.queries import get_officer_names
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.text import BilingualText

from ..journal import SINCE
from ..kept import Draft
from ..models import GIVEN, Particulars, standing_of
from ..rules.access import has, may
from ..rules.approval import ApprovalRule, writers
from ..rules.case_state import COLUMNS, CaseState
from ..rules.deadlines import Moment, is_overdue, next_moment, rung_at
from ..rules.drafts import REPLY
from ..rules.states import ANSWERED, OPEN, EventType, State
from ..rules.transitions import BESIDE_WORK
from ..rules.undoing import undone_in
from ..rules.verbs import can, reports
from .approving import demanded
from .files import ATTACHED, Attached, attached
from .guests import Part, part_of
from .tasks import TaskSeen, asks_at, tasks_seen
from .telling import Entry, Past, called, officer_of, officers_in, told_inside


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder: who is told, when, and whether that has happened."""

    level: EscalationLevel
    at: datetime
    taken: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """An instruction from above without a report: what, by whom and by when. `mine`: this officer may report on it."""

    seq: int
    happened: EventType
    words: BilingualText
    by: BilingualText
    until: datetime
    text: str
    late: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class DeskCase:
    """What the case page and `GET /desk/cases/{reference}` show.

    `point`: latitude and longitude, where they are known.
    `about`: the officer and the unit of whom it complains, as far as somebody has said so.
    `about_employee`, `about_unit`: of whom its citizen says it complains, in their words; no part of who they are.
    `particulars` is `None` where the identity is withheld from this viewer. `reply` is the text that waits for
    approval. `next` is what time causes next, if nobody acts. `drafts` is what this viewer has
    begun to write here, by its place (`rules.drafts`).
    """

    id: UUID
    standing: CaseState
    entity: BilingualText
    entity_code: str
    unit: BilingualText | None
    officer: BilingualText | None
    reviewer: BilingualText | None
    about: list[BilingualText]
    about_employee: str
    about_unit: str
    service: BilingualText | None
    service_code: str | None
    governorate: BilingualText | None
    address: str
    point: str
    title: str
    text: str
    particulars: Particulars | None
    journal: list[Entry]
    notes: list[Entry]
    reply: str
    reply_by: BilingualText | None
    drafts: Mapping[str, Draft]
    approval: ApprovalRule | None  # by which this officer's reply is approved before it goes out
    dispositions: Sequence[Disposition]
    can: list[str]
    overdue: bool
    next: Moment | None
    ladder: list[Step]
    files: list[Attached]
    instructions: list[Asked]
    tasks: list[TaskSeen]
    asks_at: tuple[int, ...]  # the bodies whose units this officer asks for something
    looked: int | None = None  # the last event that the viewer saw, where they follow the case

    @property
    def seq(self) -> int:
        return self.standing.seq

    @property
    def draft(self) -> Draft | None:
        """The reply that this officer has begun, where they could go on with it."""
        return self.drafts.get(REPLY) if "draft" in self.can else None


def desk_case(viewer: Actor, reference: str, now: datetime) -> DeskCase | None:
    """The case, or `None` when it does not exist or is not this officer's to read."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [viewer.officer_id, viewer.officer_id, reference])
        row = cursor.fetchone()
    if row is None:
        return None
    key, *columns, particulars, events, texts, files, drafts, looked = row
    standing = standing_of(dict(zip(COLUMNS, columns, strict=True)))
    if not may(viewer, Permission.READ, standing):
        return None
    past = [Past(seq, kind, datetime.fromisoformat(at), actor, data) for seq, kind, at, actor, data in events]
    named = (standing.officer_id, standing.reviewer_id, standing.drafted_by_id, standing.about_officer_id)
    who = get_officer_names(officers_in(past).union(key for key in named if key))
    part = part_of(viewer, standing, past, now)
    journal = told_inside(standing.entity_id, past, part.texts(texts) if part else texts or (), who)
    attachments = _files(files or (), undone_in(past))
    seen = _as_seen(
        viewer,
        key,
        standing,
        Particulars(**particulars),
        journal,
        who,
        part,
        part.files(attachments) if part else attachments,
        drafts or (),
        [] if part else _asked(viewer, standing, past, journal, now),
        [
            task
            for task in tasks_seen(viewer, standing, past, journal, now, who)
            if part is None or task.seq in part.own
        ],
        now,
    )
    return replace(seen, looked=looked)


def standing_for(viewer: Actor, reference: str) -> tuple[UUID, CaseState] | None:
    """Where a case stands, for what needs no more of it; `None` as `desk_case` has it."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [reference])
        row = cursor.fetchone()
    if row is None:
        return None
    key, *columns = row
    standing = standing_of(dict(zip(COLUMNS, columns, strict=True)))
    return (key, standing) if may(viewer, Permission.READ, standing) else None


def acted_since(case: UUID, seen: int) -> bool:
    """Whether a person has worked on the case since, as a conflict is told (`journal.record`)."""
    with connection.cursor() as cursor:
        cursor.execute(SINCE, [case, seen, str(CLOCK), [str(kind) for kind in BESIDE_WORK]])
        return cursor.fetchone() is not None


_STANDING = f'SELECT id, {", ".join(COLUMNS)} FROM "case" WHERE reference = %s'
_PARTICULARS = (*GIVEN, "phone_confirmed", "email_confirmed", "national_number_confirmed")
_KEPT = ("place", "version", "text", "disposition", "quality_reason", "parts", "saved_at")
# All of a case but names, which are asked for apart: whose is known only then.
_READ = f"""
SELECT c.id, {", ".join(f"c.{column}" for column in COLUMNS)},
    (SELECT json_build_object({", ".join(f"'{column}', {column}" for column in _PARTICULARS)})
        FROM case_particulars WHERE case_id = c.id),
    (SELECT json_agg(json_build_array({", ".join(Past._fields)}) ORDER BY seq DESC) FROM event WHERE case_id = c.id),
    (SELECT json_agg(json_build_array(seq, field, body) ORDER BY id) FROM case_text WHERE case_id = c.id),
    (SELECT json_agg(json_build_array({", ".join(ATTACHED)}) ORDER BY seq, received_at, id)
        FROM case_attachment WHERE case_id = c.id),
    (SELECT json_agg(json_build_array({", ".join(_KEPT)})) FROM case_draft WHERE case_id = c.id AND officer_id = %s),
    (SELECT looked FROM case_follow WHERE case_id = c.id AND officer_id = %s)
FROM "case" c WHERE c.reference = %s
"""


def _files(rows: Iterable[Sequence[Any]], undone: Collection[int]) -> list[Attached]:
    return [
        attached(UUID(key), seq, name, media_type, size, datetime.fromisoformat(received_at), *whose)
        for key, seq, name, media_type, size, received_at, *whose in rows
        if seq not in undone
    ]


def _asked(
    viewer: Actor, standing: CaseState, past: Sequence[Past], journal: Sequence[Entry], now: datetime
) -> list[Asked]:
    said = {entry.seq: entry for entry in journal}
    return [
        Asked(
            event.seq, EventType(event.kind), said[event.seq].words, said[event.seq].by,
            (until := datetime.fromisoformat(event.data["until"])),
            next((text.body for text in said[event.seq].texts), ""), until < now,
            reports(viewer, standing, to=event.data["for"], by=event.actor),
        )
        for event in past if event.seq in standing.instructions
    ]  # fmt: skip


def _as_seen(
    viewer: Actor, key: UUID, standing: CaseState, particulars: Particulars, journal: list[Entry],
    who: Mapping[int, BilingualText], part: Part | None, files: list[Attached], drafts: Iterable[Sequence[Any]],
    asked: list[Asked], tasks: list[TaskSeen], now: datetime,
) -> DeskCase:  # fmt: skip
    standing_acts = [entry for entry in journal if not entry.undone]
    texts = {said.field: said.body for entry in reversed(standing_acts) for said in entry.texts}
    body = get_tree()[standing.entity_id]
    topic = get_service(standing.service_id) if standing.service_id else None
    place = get_governorates().get(standing.governorate_id or 0)
    unit, about_unit = get_units().get(standing.unit_id or 0), get_units().get(standing.about_unit_id or 0)
    about = [who.get(standing.about_officer_id or 0), about_unit.name if about_unit else None]
    terms = get_policy_version(standing.policy_id).terms
    waits = standing.state is State.AWAITING_APPROVAL
    approval = demanded(standing, viewer.officer_id, now) if standing.state in OPEN else None
    wrote = writers((entry.happened, officer_of(entry.actor)) for entry in journal)
    possible = _can(viewer, standing, approval is not None, viewer.officer_id in wrote, files, asked, tasks)
    return DeskCase(
        id=key, standing=standing, entity=called(standing), entity_code=body.code,
        unit=unit.name if unit else None,
        officer=who.get(standing.officer_id or 0), reviewer=who.get(standing.reviewer_id or 0),
        about=[words for words in about if words],
        about_employee=particulars.about_employee, about_unit=particulars.about_unit,
        service=topic.name if topic else None, service_code=topic.code if topic else None,
        governorate=place.name if place else None,
        address=particulars.address, point=", ".join(filter(None, (particulars.lat, particulars.lng))),
        title=texts.get("title", ""),
        text=texts.get("text") or texts.get("transcript", ""),
        particulars=particulars if _sees_identity(viewer, standing, journal, part) else None,
        journal=journal, notes=[
            entry for entry in standing_acts
            if entry.happened is EventType.NOTED and (part is None or entry.seq in part.own)
        ],
        reply=texts.get("reply", "") if waits else "", reply_by=who.get(standing.drafted_by_id or 0),
        drafts={draft.place: draft for draft in map(_draft, drafts)},
        approval=approval, dispositions=DISPOSITIONS_BY_KIND[standing.kind],
        can=possible, files=files, instructions=asked, tasks=tasks,
        asks_at=asks_at(viewer, standing), overdue=is_overdue(standing, now),
        next=next_moment(standing, terms, get_working_calendar()),
        ladder=[
            Step(rung.level, rung_at(standing, rung, get_working_calendar()), place < standing.rungs)
            for place, rung in enumerate(terms.ladder)
        ] if standing.state not in ANSWERED else [],
    )  # fmt: skip


def _draft(kept: Sequence[Any]) -> Draft:
    *words, saved_at = kept
    return Draft(**dict(zip(_KEPT, words, strict=False)), saved_at=datetime.fromisoformat(saved_at))


def _can(
    viewer: Actor, case: CaseState, needs_approval: bool, wrote: bool, files: Sequence[Attached],
    asked: Sequence[Asked], tasks: Sequence[TaskSeen],
) -> list[str]:  # fmt: skip
    """What the rules allow, and what there is to do it with: an officer's file, an instruction or a task of one's own.
    Whoever had a hand in the reply does not approve it.
    """
    never = set() if any(not file.from_citizen for file in files) else {"show"}
    if wrote:
        never |= {"approve", "confirm", "send-back"}
    if not any(one.mine for one in asked):
        never.add("report")
    if not any(task.mine for task in tasks):
        never.add("contribute")
    if not has(viewer, Permission.TASK, case) and not any(task.mine for task in tasks):
        never.add("task")  # to who takes part as long as they do
    if not any(task.off for task in tasks):
        never.add("call-off")
    if not any(task.joins for task in tasks):
        never.add("take-part")
    if not any(task.declines for task in tasks):
        never.add("decline")
    return [verb for verb in can(viewer, case, needs_approval=needs_approval) if verb not in never]


def _sees_identity(viewer: Actor, case: CaseState, journal: Sequence[Entry], part: Part | None) -> bool:
    """Withheld: only who was let to look, by a journalled `reveal`, and still has the permission to.

    Never a body that has not said so far whether it takes part.
    """
    if part is not None and not part.takes_part:
        return False
    if not case.withheld:
        return True
    revealed = EventType.IDENTITY_REVEALED, str(viewer)
    looked = any((entry.happened, entry.actor) == revealed for entry in journal)
    return looked and may(viewer, Permission.REVEAL, case)
