"""Two cases that are one, and one that is two. The earlier date always stays."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ...journal import CaseNotFound, Change, record
from ...models import Case, Particulars
from ...rules.access import has_permission
from ...rules.actions import can_be_linked
from ...rules.case_state import CaseState, format_instant
from ...rules.states import EventType
from ...rules.transitions import NotPossibleNow
from ..intake.submission import create_split_case
from ..permission_check import require_permission
from ..routing.assignment import validate_topic
from ..text_validation import validate_text

_DIFFERENT_PERSON = BilingualText(
    "لا يُدمج إلا طلبان للشخص نفسه. طلبات غيره تبقى كما هي، ولو كانت عن الأمر نفسه.",
    "Only two cases of the same person are merged; other people's stay their own.",
)
_SAME_CASE = BilingualText("هذا هو الطلب نفسه.", "This is the same case.")
_DIFFERENT_BODY = BilingualText("الطلبان عند جهتين مختلفتين.", "The two cases are with different bodies.")

_DIFFERENT_SUBJECT = BilingualText(
    "الطلبان يشتكيان من شخصين أو قسمين مختلفين.", "The two cases complain of different people or units."
)


def merge_case(*, case: UUID, seen: int, actor: Actor, at: datetime, into: str) -> int:
    """Join a case to another of the same citizen (`into`: its reference), which keeps the earlier date."""
    kept = Case.objects.filter(reference=into).first()
    if kept is None or not has_permission(actor, Permission.MERGE, kept.standing):
        raise CaseNotFound
    if kept.pk == case:
        raise InvalidInput(FieldError("into", _SAME_CASE))
    if not _is_same_person(
        case, kept.pk
    ):  # also where only one is withheld: joining them would say whose it is
        raise InvalidInput(FieldError("into", _DIFFERENT_PERSON))
    joined: list[CaseState] = []

    def leave(standing: CaseState) -> Change:
        require_permission(actor, Permission.MERGE, standing)
        if kept.entity_id != standing.entity_id or kept.care != standing.care:
            raise InvalidInput(FieldError("into", _DIFFERENT_BODY))
        if (kept.about_officer_id, kept.about_unit_id) != (standing.about_officer_id, standing.about_unit_id):
            raise InvalidInput(FieldError("into", _DIFFERENT_SUBJECT))
        joined.append(standing)
        return Change(EventType.MERGED, {"merged_into": kept.reference, "by": actor.officer_id})

    def absorb(standing: CaseState) -> Change:
        require_permission(actor, Permission.MERGE, standing)
        gone = joined[0]
        data: dict[str, object] = {"from": gone.reference, "by": actor.officer_id}
        if gone.due_at < standing.due_at:
            data |= {
                "due_at": format_instant(gone.due_at),
                "term_from": format_instant(gone.term_from),
                "policy_id": gone.policy_id,
                "paused_days": gone.paused_days,
                "extended_days": gone.extended_days,
            }
        return Change(EventType.ABSORBED, data)

    with transaction.atomic():
        list(Case.objects.select_for_update().filter(pk__in=(case, kept.pk)).order_by("pk").values_list("pk"))
        seq = record(case=case, seen=seen, actor=actor, at=at, decide=leave)
        record(case=kept.pk, seen=None, actor=actor, at=at, decide=absorb)
        return seq


def split_case(
    *, case: UUID, seen: int, actor: Actor, at: datetime, text: str, service: int | None = None
) -> int:
    """Make a case of its own from part of another. It keeps the body, the person and the date of receipt."""
    text = validate_text("text", text)
    row = Case.objects.select_related("particulars").get(pk=case)
    if not has_permission(actor, Permission.SPLIT, row.standing):
        raise NotAllowed
    validate_topic(service, row.entity_id)
    with transaction.atomic():
        new = create_split_case(row, text, service or row.service_id, actor, key=uuid4().hex)

        def part(standing: CaseState) -> Change:
            require_permission(actor, Permission.SPLIT, standing)
            return Change(EventType.SPLIT, {"into": new, "by": actor.officer_id})

        return record(case=case, seen=seen, actor=actor, at=at, decide=part)


def _is_same_person(a: UUID, b: UUID) -> bool:
    """Whether one contact or number stands under both. People who gave none are never taken for the same."""
    first, second = (Particulars.objects.select_related("case").get(pk=key) for key in (a, b))
    if first.case.withheld != second.case.withheld:
        return False
    marks = ("phone", "email", "national_number", "passport")
    return any(getattr(first, mark) and getattr(first, mark) == getattr(second, mark) for mark in marks)


_CANNOT_BE_LINKED = BilingualText(
    "لا يُربط هذا الطلب بمشكلة: سُحب أو دُمج، أو يُعالج بعناية خاصة.",
    "This case is linked to no problem: it was withdrawn or merged, or it is handled with special care.",
)
_ALREADY_LINKED = BilingualText("الطلب مربوط بهذه المشكلة.", "The case is linked to this problem already.")
_NOT_LINKED = BilingualText("الطلب غير مربوط بمشكلة.", "The case is linked to no problem.")


def link_case_to_problem(
    *, case: UUID, seen: int | None, actor: Actor, at: datetime, problem: int | None
) -> int:
    """Link a case to a problem, of which the caller knows that it is there; `None`: to none any more."""

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.LINK, standing)
        if not can_be_linked(standing):
            raise NotPossibleNow(standing.state, _CANNOT_BE_LINKED)
        if standing.problem_id == problem:
            raise NotPossibleNow(standing.state, _ALREADY_LINKED if problem else _NOT_LINKED)
        if problem is None:
            data = {"by": actor.officer_id, "problem_id": None, "was": standing.problem_id}
            return Change(EventType.UNLINKED, data)
        return Change(EventType.LINKED, {"by": actor.officer_id, "problem_id": problem})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)
