"""Call-backs: each agent is given the next one, so nobody browses a list of people."""

from datetime import datetime

from django.db import transaction
from django.db.models import Case as Either
from django.db.models import F, IntegerField, Q, Value, When

from bekhedmetkom.cases import commands, row_security
from bekhedmetkom.cases.commands.text_validation import check_corruption_gate
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.access import is_concerned
from bekhedmetkom.cases.rules.case_state import CaseState
from bekhedmetkom.kernel.actor import Actor

from ..models import CallBack
from ..queries.ownership import (
    CallerNotVerified,
    get_agent_id,
    get_held_call_back,
    is_call_back_verified,
    list_held_call_backs,
)
from ..rules.call_backs import HOLD_TIME, CallBackOutcome, CallBackReason, get_next_attempt, is_still_due


def take_next_call_back(*, actor: Actor, at: datetime) -> int | None:
    """Return the agent's current call-back, else assign the next one that is due; `None` if there is none."""
    officer = get_agent_id(actor)
    with transaction.atomic():
        held = list_held_call_backs(officer, at).first()
        if held:
            return int(held.pk)
        passed_over: list[int] = []
        while (call_back := _find_next(at, passed_over)) is not None:
            case = _load_case_state(call_back)
            if not is_still_due(CallBackReason(call_back.why), case):
                CallBack.objects.filter(pk=call_back.pk).update(done_at=at, outcome=str(CallBackOutcome.MOOT))
            elif officer in case.handlers or officer in case.recused or is_concerned(actor, case):
                passed_over.append(call_back.pk)
            else:
                CallBack.objects.filter(pk=call_back.pk).update(officer=officer, held_at=at, proven_at=None)
                return int(call_back.pk)
    return None


def record_attempt(*, back: int, outcome: CallBackOutcome, actor: Actor, at: datetime) -> None:
    """Record that the citizen was not spoken with, and schedule the next attempt if there is one."""
    with transaction.atomic():
        row = get_held_call_back(back, actor, at, lock=True)
        tries = row.tries + 1
        next_attempt = get_next_attempt(outcome, tries, at)
        CallBack.objects.filter(pk=back).update(
            tries=tries,
            officer=None if next_attempt else row.officer_id,
            held_at=None if next_attempt else row.held_at,
            not_before=next_attempt or row.not_before,
            done_at=None if next_attempt else at,
            outcome="" if next_attempt else str(outcome),
        )


def record_conversation(
    *,
    back: int,
    seen: int,
    actor: Actor,
    at: datetime,
    solved: bool | None = None,
    stars: int | None = None,
    comment: str = "",
) -> None:
    """Record what the citizen said. `solved` is `None` if that was not asked or not answered.

    Without `solved` the comment is added to the case as the citizen's own, which needs a verified caller. A citizen who
    repeats that the case is not solved adds nothing new. Raises `CallerNotVerified` and `Refusal`.
    """
    check_corruption_gate(comment, declined=False)
    with transaction.atomic():
        row = get_held_call_back(back, actor, at, lock=True)
        is_repeated = solved is False and stars is None and row.case.solved is False
        if solved is not None and not is_repeated:
            commands.record_phone_feedback(
                case=row.case_id,
                seen=seen,
                actor=actor,
                at=at,
                solved=solved,
                stars=stars,
                comment=comment,
                handed=True,
            )
        elif (case := Case.objects.get(pk=row.case_id)).unreached:
            commands.record_call(case=case.pk, seen=seen, actor=actor, at=at, text=comment, handed=True)
        elif comment:
            if not is_call_back_verified(row, at):
                raise CallerNotVerified
            commands.add_message(
                case=case.pk, seen=None, actor=Actor.citizen(case.reference), at=at, text=comment
            )
        CallBack.objects.filter(pk=back).update(
            done_at=at, outcome=str(CallBackOutcome.HEARD), tries=row.tries + 1
        )


def _load_case_state(row: CallBack) -> CaseState:
    row_security.allow_citizen(row.case_id)
    return Case.objects.get(pk=row.case_id).standing


def _find_next(at: datetime, passed_over: list[int]) -> CallBack | None:
    order = Either(
        *(When(why=str(why), then=Value(place)) for place, why in enumerate(CallBackReason)),
        output_field=IntegerField(),
    )
    return (
        CallBack.objects.filter(
            Q(officer=None) | Q(held_at__lte=at - HOLD_TIME), done_at=None, not_before__lte=at
        )
        .exclude(pk__in=passed_over)
        .order_by(order, F("not_before"), "pk")
        .select_for_update(skip_locked=True)
        .first()
    )
