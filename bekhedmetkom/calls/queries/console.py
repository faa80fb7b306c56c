"""What the console shows: calls that ring, the call in hand with what was opened, who waits to be called, the day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from bekhedmetkom.cases import wall
from bekhedmetkom.cases.models import Case, Particulars
from bekhedmetkom.cases.queries import CitizenCase, MyCase, cases_of, of_citizen
from bekhedmetkom.cases.rules.contact import Contact, Known
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

MAX_RINGING_TIME = timedelta(minutes=30)  # an exchange that forgot to say that nobody waits any more
MAX_CALL_TIME = timedelta(hours=6)
MAX_RINGING_CALLS = 20


@dataclass(frozen=True, slots=True)
class CallInHand:
    """A call at its agent's place. `case_endings`: how the references of the number's open cases end, all that is told of them
    before a proof; `own_cases`: the cases of the number, once it is proven; `opened_cases`: what may be read."""

    call: Call
    case_endings: list[str]
    own_cases: list[MyCase] | None
    opened_cases: list[CitizenCase]


@dataclass(frozen=True, slots=True)
class CallBackInHand:
    """A call-back at its agent's place: whom to call, and of which case. `citizen_case` once who answers has proven it."""

    call_back: CallBack
    reason: CallBackReason
    case: Case
    particulars: Particulars
    citizen_case: CitizenCase | None


def get_agent_line(actor: Actor) -> str:
    """The telephone before this agent; empty: they have named none."""
    return Line.objects.filter(officer=get_agent_id(actor)).values_list("name", flat=True).first() or ""


def list_ringing_calls(line: str, at: datetime) -> list[Call]:
    """The calls that nobody has answered: at that telephone first, then by who waits longest."""
    rows = Call.objects.filter(
        direction="in", answered_at=None, ended_at=None, wrapped_at=None, began_at__gt=at - MAX_RINGING_TIME
    ).order_by("began_at")[:MAX_RINGING_CALLS]
    return sorted(rows, key=lambda call: line not in call.lines)


def list_unclaimed_calls(at: datetime) -> list[Call]:
    """Calls that were answered, on a telephone that no agent has named."""
    rows = Call.objects.filter(
        officer=None,
        answered_at__isnull=False,
        ended_at=None,
        began_at__gt=at - MAX_CALL_TIME,
        wrapped_at=None,
    )
    return list(rows.order_by("-began_at")[:MAX_RINGING_CALLS])


def find_call_in_hand(actor: Actor, at: datetime) -> int | None:
    """The agent's call that is not wrapped up: the newest, or none."""
    rows = Call.objects.filter(officer=get_agent_id(actor), wrapped_at=None, began_at__gt=at - MAX_CALL_TIME)
    return rows.order_by("-began_at").values_list("pk", flat=True).first()


def get_call(call: int, actor: Actor, at: datetime) -> CallInHand:
    """The agent's own call; `NotYours` for any other."""
    mine = get_held_call(call, actor)
    own = None
    if mine.number and is_number_verified(mine, at):
        found = cases_of([Known(Contact.PHONE, mine.number)], at)
        own = [one for one in found.items if not one.with_care]
    cases = list(
        Opened.objects.filter(call=mine, at__gt=at - PROOF_LIFETIME).order_by("at").values_list("case_id", flat=True)
    )  # fmt: skip
    wall.for_citizen(*cases)
    return CallInHand(mine, list_case_endings(mine.number), own, [of_citizen(case, at) for case in cases])


def find_opened_case(call: int, reference: str, actor: Actor, at: datetime) -> UUID | None:
    """The case of that reference, if it was opened during this call; the request is let in to it."""
    mine = get_held_call(call, actor)
    cases = Opened.objects.filter(call=mine, at__gt=at - PROOF_LIFETIME).values_list("case_id", flat=True)
    wall.for_citizen(*cases)
    return Case.objects.filter(pk__in=list(cases), reference=reference).values_list("pk", flat=True).first()


def list_case_endings(number: str) -> list[str]:
    """What a number alone tells: of open cases on which it is confirmed, none that is kept with care or withheld."""
    if not number:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending FROM calls_endings(%s)", [number])
        return [str(ending) for (ending,) in cursor.fetchall()]


def get_call_back(back: int, actor: Actor, at: datetime) -> CallBackInHand:
    """The agent's own call-back; `NotHeld` for any other."""
    row = get_held_call_back(back, actor, at)
    case = Case.objects.get(pk=row.case_id)
    read = of_citizen(case.pk, at) if is_call_back_verified(row, at) else None
    return CallBackInHand(row, CallBackReason(row.why), case, Particulars.objects.get(pk=row.case_id), read)


def count_waiting_call_backs(at: datetime) -> dict[CallBackReason, int]:
    """How many wait to be called now, by reason; all reasons, also those for which nobody waits."""
    due = Q(done_at=None, not_before__lte=at)
    counted = CallBack.objects.filter(due).values("why").annotate(n=Count("pk")).values_list("why", "n")
    found = dict(counted)
    return {why: found.get(str(why), 0) for why in CallBackReason}
