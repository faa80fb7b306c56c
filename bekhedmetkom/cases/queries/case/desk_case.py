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

from ...journal import CHANGES_SINCE_SQL
from ...models import PARTICULARS_FIELDS, Particulars, build_case_state
from ...rules.access import has_direct_permission, has_permission
from ...rules.actions import can_report, list_possible_actions
from ...rules.approval import ApprovalRule, list_reply_writers
from ...rules.case_state import STATE_COLUMNS, CaseState
from ...rules.deadlines import ScheduledEvent, find_next_scheduled_event, get_escalation_time, is_overdue
from ...rules.drafts import REPLY_DRAFT
from ...rules.states import ANSWERED_STATES, OPEN_STATES, EventType, State
from ...rules.transitions import NON_CONFLICTING_EVENTS
from ...rules.undo import list_undone_events
from ...workspace_models import Draft
from ..leadership.approval import find_required_approval
from .files import FILE_COLUMNS, CaseFile, build_case_file
from .guest_access import GuestAccess, find_guest_access
from .tasks import TaskView, list_bodies_to_ask, list_task_views
from .timeline import (
    PastEvent,
    TimelineEntry,
    build_officer_timeline,
    get_body_name,
    list_named_officers,
    parse_officer_id,
)


@dataclass(frozen=True, slots=True)
class CaseEscalationStep:
    """One step of the ladder: who is told, when, and whether that has happened."""

    level: EscalationLevel
    at: datetime
    taken: bool


@dataclass(frozen=True, slots=True)
class PendingInstruction:
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
    journal: list[TimelineEntry]
    notes: list[TimelineEntry]
    reply: str
    reply_by: BilingualText | None
    drafts: Mapping[str, Draft]
    approval: ApprovalRule | None  # by which this officer's reply is approved before it goes out
    dispositions: Sequence[Disposition]
    can: list[str]
    overdue: bool
    next: ScheduledEvent | None
    ladder: list[CaseEscalationStep]
    files: list[CaseFile]
    instructions: list[PendingInstruction]
    tasks: list[TaskView]
    asks_at: tuple[int, ...]  # the bodies whose units this officer asks for something
    looked: int | None = None  # the last event that the viewer saw, where they follow the case

    @property
    def seq(self) -> int:
        return self.standing.seq

    @property
    def draft(self) -> Draft | None:
        """The reply that this officer has begun, where they could go on with it."""
        return self.drafts.get(REPLY_DRAFT) if "draft" in self.can else None


def find_desk_case(viewer: Actor, reference: str, now: datetime) -> DeskCase | None:
    """The case, or `None` when it does not exist or is not this officer's to read."""
    with connection.cursor() as cursor:
        cursor.execute(_CASE_SQL, [viewer.officer_id, viewer.officer_id, reference])
        row = cursor.fetchone()
    if row is None:
        return None
    key, *columns, particulars, events, texts, files, drafts, looked = row
    standing = build_case_state(dict(zip(STATE_COLUMNS, columns, strict=True)))
    if not has_permission(viewer, Permission.READ, standing):
        return None
    past = [
        PastEvent(seq, kind, datetime.fromisoformat(at), actor, data) for seq, kind, at, actor, data in events
    ]
    named = (standing.officer_id, standing.reviewer_id, standing.drafted_by_id, standing.about_officer_id)
    who = get_officer_names(list_named_officers(past).union(key for key in named if key))
    part = find_guest_access(viewer, standing, past, now)
    journal = build_officer_timeline(
        standing.entity_id, past, part.texts(texts) if part else texts or (), who
    )
    attachments = _list_files(files or (), list_undone_events(past))
    seen = _build_desk_case(
        viewer,
        key,
        standing,
        Particulars(**particulars),
        journal,
        who,
        part,
        part.files(attachments) if part else attachments,
        drafts or (),
        [] if part else _list_pending_instructions(viewer, standing, past, journal, now),
        [
            task
            for task in list_task_views(viewer, standing, past, journal, now, who)
            if part is None or task.seq in part.own
        ],
        now,
    )
    return replace(seen, looked=looked)


def find_case_state(viewer: Actor, reference: str) -> tuple[UUID, CaseState] | None:
    """Where a case stands, for what needs no more of it; `None` as `desk_case` has it."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE_SQL, [reference])
        row = cursor.fetchone()
    if row is None:
        return None
    key, *columns = row
    standing = build_case_state(dict(zip(STATE_COLUMNS, columns, strict=True)))
    return (key, standing) if has_permission(viewer, Permission.READ, standing) else None


def has_work_since(case: UUID, seen: int) -> bool:
    """Whether a person has worked on the case since, as a conflict is told (`journal.record`)."""
    with connection.cursor() as cursor:
        cursor.execute(
            CHANGES_SINCE_SQL, [case, seen, str(CLOCK), [str(kind) for kind in NON_CONFLICTING_EVENTS]]
        )
        return cursor.fetchone() is not None


_STATE_SQL = f'SELECT id, {", ".join(STATE_COLUMNS)} FROM "case" WHERE reference = %s'
_PARTICULARS_COLUMNS = (
    *PARTICULARS_FIELDS,
    "phone_confirmed",
    "email_confirmed",
    "national_number_confirmed",
)
_DRAFT_COLUMNS = ("place", "version", "text", "disposition", "quality_reason", "parts", "saved_at")
# All of a case but names, which are asked for apart: whose is known only then.
_CASE_SQL = f"""
SELECT c.id, {", ".join(f"c.{column}" for column in STATE_COLUMNS)},
    (SELECT json_build_object({", ".join(f"'{column}', {column}" for column in _PARTICULARS_COLUMNS)})
        FROM case_particulars WHERE case_id = c.id),
    (SELECT json_agg(json_build_array({", ".join(PastEvent._fields)}) ORDER BY seq DESC) FROM event WHERE case_id
    = c.id),
    (SELECT json_agg(json_build_array(seq, field, body) ORDER BY id) FROM case_text WHERE case_id = c.id),
    (SELECT json_agg(json_build_array({", ".join(FILE_COLUMNS)}) ORDER BY seq, received_at, id)
        FROM case_attachment WHERE case_id = c.id),
    (SELECT json_agg(json_build_array({", ".join(_DRAFT_COLUMNS)})) FROM case_draft WHERE case_id = c.id AND
    officer_id = %s),
    (SELECT looked FROM case_follow WHERE case_id = c.id AND officer_id = %s)
FROM "case" c WHERE c.reference = %s
"""


def _list_files(rows: Iterable[Sequence[Any]], undone: Collection[int]) -> list[CaseFile]:
    return [
        build_case_file(UUID(key), seq, name, media_type, size, datetime.fromisoformat(received_at), *whose)
        for key, seq, name, media_type, size, received_at, *whose in rows
        if seq not in undone
    ]


def _list_pending_instructions(
    viewer: Actor,
    standing: CaseState,
    past: Sequence[PastEvent],
    journal: Sequence[TimelineEntry],
    now: datetime,
) -> list[PendingInstruction]:
    said = {entry.seq: entry for entry in journal}
    return [
        PendingInstruction(
            event.seq, EventType(event.kind), said[event.seq].words, said[event.seq].by,
            (until := datetime.fromisoformat(event.data["until"])),
            next((text.body for text in said[event.seq].texts), ""), until < now,
            can_report(viewer, standing, to=event.data["for"], by=event.actor),
        )
        for event in past if event.seq in standing.instructions
    ]  # fmt: skip


def _build_desk_case(
    viewer: Actor, key: UUID, standing: CaseState, particulars: Particulars, journal: list[TimelineEntry],
    who: Mapping[int, BilingualText], part: GuestAccess | None, files: list[CaseFile], drafts: Iterable[Sequence[Any]],
    asked: list[PendingInstruction], tasks: list[TaskView], now: datetime,
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
    approval = (
        find_required_approval(standing, viewer.officer_id, now) if standing.state in OPEN_STATES else None
    )
    wrote = list_reply_writers((entry.happened, parse_officer_id(entry.actor)) for entry in journal)
    possible = _list_viewer_actions(
        viewer, standing, approval is not None, viewer.officer_id in wrote, files, asked, tasks
    )
    return DeskCase(
        id=key,
        standing=standing,
        entity=get_body_name(standing),
        entity_code=body.code,
        unit=unit.name if unit else None,
        officer=who.get(standing.officer_id or 0),
        reviewer=who.get(standing.reviewer_id or 0),
        about=[words for words in about if words],
        about_employee=particulars.about_employee,
        about_unit=particulars.about_unit,
        service=topic.name if topic else None,
        service_code=topic.code if topic else None,
        governorate=place.name if place else None,
        address=particulars.address,
        point=", ".join(filter(None, (particulars.lat, particulars.lng))),
        title=texts.get("title", ""),
        text=texts.get("text") or texts.get("transcript", ""),
        particulars=particulars if _can_see_identity(viewer, standing, journal, part) else None,
        journal=journal,
        notes=[
            entry
            for entry in standing_acts
            if entry.happened is EventType.NOTED and (part is None or entry.seq in part.own)
        ],
        reply=texts.get("reply", "") if waits else "",
        reply_by=who.get(standing.drafted_by_id or 0),
        drafts={draft.place: draft for draft in map(_build_draft, drafts)},
        approval=approval,
        dispositions=DISPOSITIONS_BY_KIND[standing.kind],
        can=possible,
        files=files,
        instructions=asked,
        tasks=tasks,
        asks_at=list_bodies_to_ask(viewer, standing),
        overdue=is_overdue(standing, now),
        next=find_next_scheduled_event(standing, terms, get_working_calendar()),
        ladder=[
            CaseEscalationStep(
                rung.level,
                get_escalation_time(standing, rung, get_working_calendar()),
                place < standing.rungs,
            )
            for place, rung in enumerate(terms.ladder)
        ]
        if standing.state not in ANSWERED_STATES
        else [],
    )


def _build_draft(kept: Sequence[Any]) -> Draft:
    *words, saved_at = kept
    return Draft(**dict(zip(_DRAFT_COLUMNS, words, strict=False)), saved_at=datetime.fromisoformat(saved_at))


def _list_viewer_actions(
    viewer: Actor, case: CaseState, needs_approval: bool, wrote: bool, files: Sequence[CaseFile],
    asked: Sequence[PendingInstruction], tasks: Sequence[TaskView],
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
    if not has_direct_permission(viewer, Permission.TASK, case) and not any(task.mine for task in tasks):
        never.add("task")  # to who takes part as long as they do
    if not any(task.off for task in tasks):
        never.add("call-off")
    if not any(task.joins for task in tasks):
        never.add("take-part")
    if not any(task.declines for task in tasks):
        never.add("decline")
    return [
        verb
        for verb in list_possible_actions(viewer, case, needs_approval=needs_approval)
        if verb not in never
    ]


def _can_see_identity(
    viewer: Actor, case: CaseState, journal: Sequence[TimelineEntry], part: GuestAccess | None
) -> bool:
    """Withheld: only who was let to look, by a journalled `reveal`, and still has the permission to.

    Never a body that has not said so far whether it takes part.
    """
    if part is not None and not part.takes_part:
        return False
    if not case.withheld:
        return True
    revealed = EventType.IDENTITY_REVEALED, str(viewer)
    looked = any((entry.happened, entry.actor) == revealed for entry in journal)
    return looked and has_permission(viewer, Permission.REVEAL, case)
