"""A case as the person who brought it sees it, after reference and access code."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from bekhedmetkom.catalogue.queries import get_policy_version, get_service
from bekhedmetkom.entities.models import Unit
from bekhedmetkom.entities.queries import get_tree, get_units
from bekhedmetkom.kernel.text import BilingualText

from ... import row_security
from ...access_codes import is_valid_access_code
from ...models import Case, CaseText, Event, Particulars, list_effective_texts
from ...receipts import sign_receipt
from ...rules.actions import list_citizen_actions
from ...rules.case_state import CaseState
from ...rules.deadlines import get_appeal_deadline, is_overdue
from ...rules.reply_parts import ReplyParts
from ..case.files import CaseFile, list_citizen_files
from ..case.timeline import TimelineEntry, build_citizen_timeline, get_body_name

_NO_CASE_HASH = bytes(32)


@dataclass(frozen=True, slots=True)
class CitizenCase:
    """Everything that the citizen's page and `GET /cases/{reference}` show. `can` names what is possible now."""

    id: UUID
    standing: CaseState
    entity: BilingualText
    entity_code: str
    unit: BilingualText | None
    service: BilingualText | None
    service_code: str | None
    title: str
    text: str
    overdue: bool
    timeline: list[TimelineEntry]
    response: str
    responded_at: datetime | None
    parts: ReplyParts | None  # of the response, where its writer gave them
    decision: str
    question: str
    can: list[str]
    appeal_until: datetime | None
    receipt: str
    particulars: Particulars
    files: list[CaseFile]

    @property
    def seq(self) -> int:
        return self.standing.seq


def find_case_by_code(reference: str, access_code: str) -> UUID | None:
    """The case that this code opens, and lets this request in to it.

    An unknown reference and a wrong code answer alike, after the same work.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, access_hash FROM case_lock(%s)", [reference])
        case, access_hash = cursor.fetchone() or (None, _NO_CASE_HASH)
    if not is_valid_access_code(access_code, bytes(access_hash)) or case is None:
        return None
    row_security.allow_citizen(case)
    return UUID(str(case))


def find_case_for_citizen(reference: str, access_code: str, now: datetime) -> CitizenCase | None:
    """The case, or `None` when the code does not open it."""
    case = find_case_by_code(reference, access_code)
    return get_case_for_citizen(case, now) if case else None


def get_case_for_citizen(case: UUID, now: datetime) -> CitizenCase:
    """The case for somebody whose access code was checked before."""
    row = Case.objects.select_related("particulars", "unit").get(pk=case)
    standing = row.standing
    written = list(list_effective_texts().filter(case=row).order_by("seq"))
    texts = {text.field: text.body for text in written}
    first = Event.objects.values_list("hash", flat=True).get(case=row, seq=1)
    terms = get_policy_version(row.policy_id).terms
    body = get_tree()[row.entity_id]
    topic = get_service(row.service_id) if row.service_id else None
    can = list_citizen_actions(standing, terms, now)
    return CitizenCase(
        id=row.pk, standing=standing, entity=get_body_name(standing), entity_code=body.code,
        unit=_get_unit_name(row.unit), service=topic.name if topic else None,
        service_code=topic.code if topic else None,
        title=texts.get("title", ""), text=texts.get("text") or texts.get("transcript", ""),
        overdue=is_overdue(standing, now),
        timeline=build_citizen_timeline(row),
        response=texts.get("answer", "") if standing.answered_at or standing.appeals else "",
        responded_at=standing.answered_at, parts=_get_reply_parts(written),
        decision=texts.get("decision", ""), question=texts.get("question", ""),
        can=can, appeal_until=get_appeal_deadline(standing, terms) if "appeal" in can else None,
        receipt=sign_receipt(bytes(first)), particulars=row.particulars,
        files=list_citizen_files(row),
    )  # fmt: skip


def _get_reply_parts(written: list[CaseText]) -> ReplyParts | None:
    """Of the answer that went out last."""
    answer = next((text for text in reversed(written) if text.field == "answer"), None)
    if answer is None:
        return None
    said = {text.field: text.body for text in written if text.seq == answer.seq}
    if "done" not in said:
        return None
    data = Event.objects.values_list("data", flat=True).get(case=answer.case_id, seq=answer.seq)
    unit, on = get_units().get(data.get("done_by") or 0), data.get("done_on")
    return ReplyParts(
        said["done"],
        unit.name if unit else None,
        date.fromisoformat(on) if on else None,
        said.get("objection", ""),
    )


def _get_unit_name(unit: Unit | None) -> BilingualText | None:
    return unit.name if unit else None
