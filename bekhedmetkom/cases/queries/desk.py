"""One case as an officer works on it: everything on one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bekhedmetkom.catalogue.queries import promise, service
from bekhedmetkom.catalogue.rules import DISPOSITIONS, Disposition, Level
from bekhedmetkom.entities.queries import places, tree, units, working_calendar
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.words import Words

from ..models import Case, Draft, Particulars
from ..rules.access import can, may
from ..rules.deadlines import Moment, is_overdue, next_moment, rung_at
from ..rules.standing import Standing
from ..rules.states import ANSWERED, Happened, State
from .files import Attached, all_of
from .telling import Entry, told_inside


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder: who is told, when, and whether that has happened."""

    level: Level
    at: datetime
    taken: bool


@dataclass(frozen=True, slots=True)
class DeskCase:
    """What the case page and `GET /desk/cases/{reference}` show.

    `particulars` is `None` where the identity is withheld from this viewer. `reply` is the text that waits for
    approval. `next` is what time causes next, if nobody acts.
    """

    id: UUID
    standing: Standing
    entity: Words
    entity_code: str
    unit: Words | None
    officer: Words | None
    reviewer: Words | None
    service: Words | None
    service_code: str | None
    governorate: Words | None
    address: str
    title: str
    text: str
    particulars: Particulars | None
    journal: list[Entry]
    notes: list[Entry]
    reply: str
    reply_by: Words | None
    draft: Draft | None
    needs_approval: bool
    dispositions: Sequence[Disposition]
    can: list[str]
    overdue: bool
    next: Moment | None
    ladder: list[Step]
    files: list[Attached]

    @property
    def seq(self) -> int:
        return self.standing.seq


def desk_case(viewer: Actor, reference: str, now: datetime) -> DeskCase | None:
    """The case, or `None` when it does not exist or is not this officer's to read."""
    row = Case.objects.select_related("particulars").filter(reference=reference).first()
    if row is None or not may(viewer, Permission.READ, row.standing):
        return None
    standing = row.standing
    journal, who = told_inside(row)
    files = all_of(row)
    texts = {said.field: said.body for entry in reversed(journal) for said in entry.texts}
    body = tree()[row.entity_id]
    topic = service(row.service_id) if row.service_id else None
    place = places().get(row.governorate_id or 0)
    unit = units().get(row.unit_id or 0)
    terms = promise(row.policy_id).terms
    waits = standing.state is State.AWAITING_APPROVAL
    possible = _can(viewer, standing, body.needs_approval, files)
    return DeskCase(
        id=row.pk, standing=standing, entity=body.words, entity_code=body.code,
        unit=unit.words if unit else None,
        officer=who.get(row.officer_id or 0), reviewer=who.get(row.reviewer_id or 0),
        service=topic.words if topic else None, service_code=topic.code if topic else None,
        governorate=place.words if place else None,
        address=row.particulars.address, title=texts.get("title", ""),
        text=texts.get("text") or texts.get("transcript", ""),
        particulars=row.particulars if _sees_identity(viewer, standing, journal) else None,
        journal=journal, notes=[entry for entry in journal if entry.happened is Happened.NOTED],
        reply=texts.get("reply", "") if waits else "", reply_by=who.get(row.drafted_by_id or 0),
        draft=Draft.objects.filter(case=row, officer=viewer.officer_id).first() if "draft" in possible else None,
        needs_approval=body.needs_approval, dispositions=DISPOSITIONS[standing.kind],
        can=possible, files=files, overdue=is_overdue(standing, now),
        next=next_moment(standing, terms, working_calendar()),
        ladder=[
            Step(rung.level, rung_at(standing, rung, working_calendar()), place < standing.rungs)
            for place, rung in enumerate(terms.ladder)
        ] if standing.state not in ANSWERED else [],
    )  # fmt: skip


def _can(viewer: Actor, case: Standing, needs_approval: bool, files: Sequence[Attached]) -> list[str]:
    """What the rules allow; a file is shown to the citizen only where there is one of an officer's."""
    some = any(not file.from_citizen for file in files)
    return [verb for verb in can(viewer, case, needs_approval=needs_approval) if verb != "show" or some]


def _sees_identity(viewer: Actor, case: Standing, journal: Sequence[Entry]) -> bool:
    """Withheld: only who was let to look, by a journalled `reveal`, and still has the permission to."""
    if not case.withheld:
        return True
    revealed = Happened.IDENTITY_REVEALED, str(viewer)
    looked = any((entry.happened, entry.actor) == revealed for entry in journal)
    return looked and may(viewer, Permission.REVEAL, case)
