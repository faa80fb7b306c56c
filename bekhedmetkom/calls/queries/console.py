"""What the console shows: ringing calls, the call in hand with its opened cases, and call-backs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from bekhedmetkom.cases import row_security
from bekhedmetkom.cases.models import Case, Particulars
from bekhedmetkom.cases.queries import CitizenCase, MyCase, get_case_for_citizen, list_my_cases
from bekhedmetkom.cases.rules.contact import ContactAddress, ContactType
from bekhedmetkom.kernel.actor import Actor

from ..models import Call, CallBack, Line, Opened
from ..rules.call_backs import CallBackReason
from .ownership import (
    PROOF_LIFETIME,
    get_agent_id,
    get_held_call,
    get_held_call_back,
    is_call_back_verified,
    is_number_verified,
)

MAX_RINGING_TIME = timedelta(minutes=30)  # an exchange may never report the end of a call
MAX_CALL_TIME = timedelta(hours=6)
MAX_RINGING_CALLS = 20


@dataclass(frozen=True, slots=True)
class CallInHand:
    """An agent's call. `case_endings`: last characters of the number's open references, shown before verification.

    `own_cases`: cases of the verified number; `None` before. `opened_cases`: cases that may be read out.
    """

    call: Call
    case_endings: list[str]
    own_cases: list[MyCase] | None
    opened_cases: list[CitizenCase]


@dataclass(frozen=True, slots=True)
class CallBackInHand:
    """An agent's call-back. `citizen_case` is set once the called person is verified."""

    call_back: CallBack
    reason: CallBackReason
    case: Case
    particulars: Particulars
    citizen_case: CitizenCase | None


def get_agent_line(actor: Actor) -> str:
    """Return the agent's phone line, or an empty string."""
    return Line.objects.filter(officer=get_agent_id(actor)).values_list("name", flat=True).first() or ""


def list_ringing_calls(line: str, at: datetime) -> list[Call]:
    """Return the unanswered calls: those at the agent's line first, then by waiting time."""
    rows = Call.objects.filter(
        direction="in", answered_at=None, ended_at=None, wrapped_at=None, began_at__gt=at - MAX_RINGING_TIME
    ).order_by("began_at")[:MAX_RINGING_CALLS]
    return sorted(rows, key=lambda call: line not in call.lines)


def list_unclaimed_calls(at: datetime) -> list[Call]:
    """Return answered calls on a line that no agent has named."""
    rows = Call.objects.filter(
        officer=None,
        answered_at__isnull=False,
        ended_at=None,
        began_at__gt=at - MAX_CALL_TIME,
        wrapped_at=None,
    )
    return list(rows.order_by("-began_at")[:MAX_RINGING_CALLS])


def find_call_in_hand(actor: Actor, at: datetime) -> int | None:
    """Return the id of the agent's newest call that is not wrapped up, or `None`."""
    rows = Call.objects.filter(officer=get_agent_id(actor), wrapped_at=None, began_at__gt=at - MAX_CALL_TIME)
    return rows.order_by("-began_at").values_list("pk", flat=True).first()


def get_call(call: int, actor: Actor, at: datetime) -> CallInHand:
    """Return the agent's call. Raises `CallNotHeld`."""
    held_call = get_held_call(call, actor)
    own = None
    if held_call.number and is_number_verified(held_call, at):
        page = list_my_cases([ContactAddress(ContactType.PHONE, held_call.number)], at)
        own = [case for case in page.items if not case.with_care]
    case_ids = list(
        Opened.objects.filter(call=held_call, at__gt=at - PROOF_LIFETIME)
        .order_by("at")
        .values_list("case_id", flat=True)
    )
    row_security.allow_citizen(*case_ids)
    return CallInHand(
        held_call,
        list_case_endings(held_call.number),
        own,
        [get_case_for_citizen(case, at) for case in case_ids],
    )


def find_opened_case(call: int, reference: str, actor: Actor, at: datetime) -> UUID | None:
    """Return the case with this reference if it was opened during the call, and grant access to it."""
    held_call = get_held_call(call, actor)
    cases = Opened.objects.filter(call=held_call, at__gt=at - PROOF_LIFETIME).values_list(
        "case_id", flat=True
    )
    row_security.allow_citizen(*cases)
    return Case.objects.filter(pk__in=list(cases), reference=reference).values_list("pk", flat=True).first()


def list_case_endings(number: str) -> list[str]:
    """Return the last characters of open references on which the number is confirmed.

    Confidential cases and cases with a withheld identity are left out.
    """
    if not number:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending FROM calls_endings(%s)", [number])
        return [str(ending) for (ending,) in cursor.fetchall()]


def get_call_back(back: int, actor: Actor, at: datetime) -> CallBackInHand:
    """Return the agent's call-back. Raises `CallBackNotHeld`."""
    row = get_held_call_back(back, actor, at)
    case = Case.objects.get(pk=row.case_id)
    citizen_case = get_case_for_citizen(case.pk, at) if is_call_back_verified(row, at) else None
    return CallBackInHand(
        row, CallBackReason(row.why), case, Particulars.objects.get(pk=row.case_id), citizen_case
    )


def count_waiting_call_backs(at: datetime) -> dict[CallBackReason, int]:
    """Return the number of due call-backs for every reason."""
    due = Q(done_at=None, not_before__lte=at)
    counted = CallBack.objects.filter(due).values("why").annotate(n=Count("pk")).values_list("why", "n")
    counts = dict(counted)
    return {reason: counts.get(str(reason), 0) for reason in CallBackReason}
