"""Getting a case to whoever can answer it. None of these verbs ever makes the promised date later."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bekhedmetkom.catalogue.queries import Topic, get_policy
from bekhedmetkom.catalogue.queries import get_service as topic_of
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.models import Unit
from bekhedmetkom.entities.queries import find_successor, get_prime_ministry, get_tree, get_working_calendar
from bekhedmetkom.identity.queries import list_colleagues
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from ...journal import Change, record
from ...queries.routing.conflict_of_interest import (
    find_body_without_conflict,
    get_concerned_officers,
    is_unit_in_conflict,
)
from ...rules.case_state import CaseState, format_instant
from ...rules.deadlines import recompute_deadline
from ...rules.states import EventType
from ...rules.transitions import TRANSITIONS, NotPossibleNow
from ..permission_check import require_permission
from ..text_validation import validate_text

MAX_REFERRALS = 2  # after as many, the Prime Ministry unit decides

_UNIT_OF_ANOTHER_BODY = BilingualText(
    "هذا القسم ليس من أقسام الجهة.", "This unit does not belong to the body."
)
_ASSIGNEE_REQUIRED = BilingualText("اختر قسمًا أو موظفًا.", "Choose a unit or an officer.")
_NOT_A_COLLEAGUE = BilingualText("هذا الموظف لا يعمل في الجهة.", "This officer does not work at the body.")
_OFFICER_RECUSED = BilingualText("تنحّى هذا الموظف عن الطلب.", "This officer has stepped aside from the case.")
_REFERRED_TWICE = BilingualText(
    "أُحيل الطلب مرتين. القرار الآن لوحدة المتابعة في رئاسة الوزراء.",
    "Referred twice already: the Prime Ministry unit now decides.",
)
_SAME_BODY = BilingualText("الطلب عند هذه الجهة أصلًا.", "The case is already with this body.")
_CONFIDENTIAL_CASE = BilingualText(
    "هذا طلب محفوظ السرية، ولا يُحال إلا إلى من يعالج مثله.",
    "This case is need-to-know and cannot be moved this way.",
)
_CONCERNED_ASSIGNEE = BilingualText(
    "لا يصل الطلب إلى من يشتكي منه، ولا إلى من يعمل تحته.",
    "The case does not go to whom it complains of, nor to anybody under them.",
)
_BODY_IN_CONFLICT = BilingualText(
    "كل من يستقبل الطلبات في هذه الجهة يعمل تحت من تخصه الشكوى.",
    "Everybody who receives cases at this body works under whom it complains of.",
)
_NOT_REFERRED = BilingualText("لم يُحل الطلب إلى هذه الجهة.", "The case was not referred to this body.")


def classify_case(
    *,
    case: UUID,
    seen: int,
    actor: Actor,
    at: datetime,
    entity: int | None = None,
    service: int | None = None,
) -> int:
    """Say whose it is and about what. In triage the Prime Ministry unit names the body; else it stays in the sector."""

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.CLASSIFY, standing)
        to = entity or (_get_topic(service).entity if service else standing.entity_id)
        _validate_open_body(to, at)
        validate_topic(service, to)
        if to != standing.entity_id and not standing.triage and to not in _get_mandate(actor):
            raise InvalidInput(FieldError("entity", _OUTSIDE_MANDATE))
        _validate_target_body(to, standing, at)
        data: dict[str, Any] = {"entity_id": to} | _build_confidentiality_data(standing, service)
        return Change(
            EventType.CLASSIFIED, data | _build_policy_data(standing, standing.kind, service, to, at)
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


_OUTSIDE_MANDATE = BilingualText(
    "هذه الجهة خارج قطاعك. استعمل الإحالة.", "This body is outside your mandate: refer the case instead."
)
_TOPIC_NOT_FOUND = BilingualText("هذا الموضوع غير موجود.", "This topic does not exist.")
_BODY_NOT_FOUND = BilingualText("هذه الجهة غير موجودة أو أُغلقت.", "This body does not exist or is closed.")


def assign_case(
    *, case: UUID, seen: int, actor: Actor, at: datetime, unit: int | None = None, officer: int | None = None
) -> int:
    """Give a case to a unit of its entity, or to one of its officers; whoever had it loses it."""
    if unit is None and officer is None:
        raise InvalidInput(FieldError("unit", _ASSIGNEE_REQUIRED))

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.ASSIGN, standing)
        given_unit = unit
        if officer is not None:
            if officer in standing.recused:
                raise InvalidInput(FieldError("officer", _OFFICER_RECUSED))
            here = [who for who in list_colleagues(standing.entity_id, at) if who.id == officer]
            if not here and str(officer) != actor.id:
                raise InvalidInput(FieldError("officer", _NOT_A_COLLEAGUE))
            given_unit = unit or next((who.unit for who in here if who.unit), None)
        if (
            given_unit is not None
            and not Unit.objects.filter(pk=given_unit, entity=standing.entity_id, closed_on=None).exists()
        ):
            raise InvalidInput(FieldError("unit", _UNIT_OF_ANOTHER_BODY))
        _validate_assignee(standing, at, officer=officer, unit=given_unit)
        return Change(
            EventType.ASSIGNED, {"unit_id": given_unit, "officer_id": officer, "by": actor.officer_id}
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def refer_case(*, case: UUID, seen: int, actor: Actor, at: datetime, entity: int, reason: str) -> int:
    """Send a case to the body whose it is. The case moves, its date does not; two at most."""
    reason = validate_text("reason", reason)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.REFER, standing)
        _validate_open_body(entity, at)
        if entity == standing.entity_id:
            raise InvalidInput(FieldError("entity", _SAME_BODY))
        if standing.care in (Handling.HUMAN_RIGHTS, Handling.PROTECTED):
            raise NotPossibleNow(standing.state, _CONFIDENTIAL_CASE)
        to = entity if standing.referrals < MAX_REFERRALS or standing.triage else get_prime_ministry()
        _validate_target_body(to, standing, at)
        data = {"entity_id": to, "by": actor.officer_id} | ({} if to == entity else {"wanted": entity})
        return Change(EventType.REFERRED, data | build_service_data(standing, to), {"cause": reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def accept_case(*, case: UUID, seen: int, actor: Actor, at: datetime) -> int:
    """Take on a case that another body referred."""

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.ACCEPT, standing)
        if standing.referred_from_id is None:
            raise NotPossibleNow(standing.state, _NOT_REFERRED)
        return Change(EventType.ACCEPTED, {"by": actor.officer_id})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def return_case(*, case: UUID, seen: int, actor: Actor, at: datetime, reason: str) -> int:
    """«Not ours», with a reason: from a unit to its main officer, from a body to who referred it, else to triage."""
    reason = validate_text("reason", reason)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.RETURN, standing)
        if (standing.state, EventType.HANDED_BACK) in TRANSITIONS:
            return Change(EventType.HANDED_BACK, {"by": actor.officer_id}, {"cause": reason})
        back = standing.referred_from_id if standing.referrals < MAX_REFERRALS else None
        since = (
            find_successor(back, get_local_date(at)) if back else None
        )  # who referred it may have closed meanwhile
        back = since.id if since else None
        to = find_body_without_conflict(back or get_prime_ministry(), standing, standing.care, at)
        data: dict[str, Any] = {
            "entity_id": to,
            "triage": int(to == get_prime_ministry() != back),
            "by": actor.officer_id,
        }
        return Change(EventType.RETURNED, data | build_service_data(standing, to), {"cause": reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def reclassify_case(
    *, case: UUID, seen: int, actor: Actor, at: datetime, kind: Kind, reason: str, service: int | None = None
) -> int:
    """Correct what sort of case it is, or its topic. The earlier of the two dates holds."""
    reason = validate_text("reason", reason)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.RECLASSIFY, standing)
        if standing.care is not Handling.OPEN and kind is not standing.kind:
            raise NotPossibleNow(standing.state, _CONFIDENTIAL_CASE)
        topic = service if service is not None else standing.service_id
        validate_topic(service, standing.entity_id)
        data: dict[str, Any] = {"kind": str(kind), "by": actor.officer_id} | _build_confidentiality_data(
            standing, service, kind
        )
        data |= _build_policy_data(standing, kind, topic, standing.entity_id, at)
        return Change(EventType.RECLASSIFIED, data, {"cause": reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def _get_topic(key: int) -> Topic:
    try:
        return topic_of(key)
    except KeyError:
        raise InvalidInput(FieldError("service", _TOPIC_NOT_FOUND)) from None


def validate_topic(key: int | None, entity: int) -> None:
    """`Invalid` where a topic was chosen that belongs to another body."""
    if key is not None and _get_topic(key).entity != entity:
        raise InvalidInput(FieldError("service", _TOPIC_NOT_FOUND))


def _validate_target_body(entity: int, case: CaseState, at: datetime) -> None:
    """`Invalid` where somebody would send a case to a body that cannot serve it cleanly."""
    if find_body_without_conflict(entity, case, case.care, at) != entity:
        raise InvalidInput(FieldError("entity", _BODY_IN_CONFLICT))


def _validate_assignee(case: CaseState, at: datetime, *, officer: int | None, unit: int | None) -> None:
    """`Invalid` where somebody would give a case to whom it complains of, or to somebody under them."""
    if officer in get_concerned_officers(case, at):
        raise InvalidInput(FieldError("officer", _CONCERNED_ASSIGNEE))
    if unit is not None and is_unit_in_conflict(unit, case, at):
        raise InvalidInput(FieldError("unit", _CONCERNED_ASSIGNEE))


def _validate_open_body(entity: int, at: datetime) -> None:
    if entity not in get_tree() or not get_tree()[entity].is_open(get_local_date(at)):
        raise InvalidInput(FieldError("entity", _BODY_NOT_FOUND))


def _get_mandate(actor: Actor) -> frozenset[int]:
    return frozenset().union(*(grant.subtree for grant in actor.grants))


def _build_confidentiality_data(
    standing: CaseState, topic: int | None, kind: Kind | None = None
) -> dict[str, Any]:
    """Care only ever grows: a topic, or a violation report, can make a case need-to-know, nothing makes it open."""
    handling = _get_topic(topic).handling if topic is not None else standing.care
    if handling in (Handling.OPEN, Handling.SEALED):
        handling = Handling.INSPECTION if kind is Kind.VIOLATION else standing.care
    if handling is standing.care or standing.care is not Handling.OPEN:
        return {}
    return {"care": str(handling), "withheld": 1}


def _build_policy_data(
    standing: CaseState, kind: Kind, topic: int | None, entity: int, at: datetime
) -> dict[str, Any]:
    """The terms of the corrected kind and topic where their date comes no later; else those that hold already.

    Date and terms go together: a change of the calendar counts the date anew, from the terms.
    """
    policy = get_policy(
        kind=kind, service=topic, entity=entity, at=standing.received_at,
        urgent=standing.urgent and standing.care is Handling.OPEN,
    )  # fmt: skip
    due = recompute_deadline(
        standing, policy.terms, get_working_calendar()
    )  # with the days of waiting and of an extension
    if due > standing.due_at:
        return {"service_id": topic}
    return {"service_id": topic, "policy_id": policy.id, "due_at": format_instant(due)}


def build_service_data(standing: CaseState, entity: int) -> dict[str, Any]:
    """A topic belongs to one body: with another body it no longer says anything."""
    of = _get_topic(standing.service_id).entity if standing.service_id else entity
    return {} if of == entity else {"service_id": None}
