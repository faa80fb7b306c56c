"""Looking at who somebody is: a search by telephone or name, and a case printed with its person's name.

Each look is written into the case before anything is shown, and its citizen reads by what role and body it was, when,
and why. What counts as a look is in docs/decisions/0034.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.config.key_derivation import derive_hmac
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import AMMAN, get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed, Refusal
from bekhedmetkom.kernel.phone_numbers import mask_phone, parse_phone
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.normalisation import fold_text

from ..journal import Change, record
from ..models import Case
from ..queries.guests import knows_whose
from ..queries.visible import visible
from ..rules.access import holds, looked
from ..rules.case_state import CaseState
from ..rules.looking import SEARCHES, Why
from ..rules.states import EventType
from ..rules.transitions import NotPossibleNow
from .permitted import allowed

SEARCH, OPENED = "desk.people", "desk.people.opened"  # as the history of changes names them
A_DAY = 30  # searches of one officer: who needs more is collecting
MOST = 20  # cases that one search shows
LEAST_WORDS = 2  # of a name: one alone is thousands of people's

_WHO = BilingualText(
    "اكتب رقم هاتف كاملًا، أو اسمين على الأقل.", "Write a whole telephone number, or at least two names."
)
_WHY = BilingualText("اختر سبب البحث.", "Choose why you search.")
_FIRST = BilingualText("اقبلوا المشاركة أولًا.", "Say first that your body takes part.")
_WITHHELD = BilingualText(
    "الهوية محجوبة في هذا الطلب، فلا تُطبع.", "The identity is withheld in this case: it is not printed."
)


class TooManySearches(Refusal):
    message = BilingualText(
        f"بحثت اليوم عن {A_DAY} شخصًا، وهذا حد اليوم. من راجعك ولا رقم معه فليفتح «كل طلباتي» بهاتفه.",
        f"You have searched {A_DAY} times today, the limit of a day. People open «all my cases» by their telephone.",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A case that a search for a person hit, with enough to tell namesakes apart."""

    standing: CaseState
    name: str
    phone: str


def search_people(*, who: str, why: Why | None, actor: Actor, at: datetime) -> list[Found]:
    """The newest cases of people with this telephone, or with all words of this name, among the officer's own.

    Withheld and need-to-know cases are never among them. The search and each case that it hits are written down.
    """
    if not holds(actor, Permission.SEARCH_PEOPLE):
        raise NotAllowed
    if why not in SEARCHES:
        raise InvalidInput(FieldError("why", _WHY))
    phone = parse_phone(who) or ""
    names = [] if phone else sorted(set(fold_text(who).split()))
    if not phone and (len(names) < LEAST_WORDS or any(len(name) < LEAST_WORDS for name in names)):
        raise InvalidInput(FieldError("who", _WHO))
    with transaction.atomic():
        _within_limit(actor, at)
        found = _found(phone, names, actor)
        by_key = sorted(found, key=lambda case: case.pk)  # two who search lock in one order
        hit = {case.pk for case in by_key if _journalled(case, why, actor, at)}
        found = [case for case in found if case.pk in hit]
        ChangeRecord.objects.create(
            at=at, actor=str(actor), model=SEARCH, key=actor.id, before=None,
            after={"by": "phone" if phone else "name", "of": derive_hmac("people", phone, *names).hex()[:32],
                   "why": str(why), "cases": [case.reference for case in found]},
        )  # fmt: skip
    return [Found(case.standing, case.particulars.name, _masked(case.particulars.phone)) for case in found]


def open_found(*, reference: str, actor: Actor, at: datetime) -> None:
    """An officer opens a case from among those that a search found."""
    if not holds(actor, Permission.SEARCH_PEOPLE):
        raise NotAllowed
    ChangeRecord.objects.create(
        at=at, actor=str(actor), model=OPENED, key=actor.id, before=None, after={"case": reference}
    )


def printed(*, case: UUID, actor: Actor, at: datetime) -> int:
    """A case goes on paper with its person's name. A withheld one never does, also for who was let to look."""

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.READ, standing)
        if standing.withheld:
            raise NotPossibleNow(standing.state, _WITHHELD)
        if not knows_whose(case, actor, standing):
            raise NotPossibleNow(standing.state, _FIRST)
        return Change(
            EventType.IDENTITY_LOOKED, looked(actor, Permission.READ, standing) | {"why": str(Why.PRINTED)}
        )

    return record(case=case, seen=None, actor=actor, at=at, decide=decide)


class _KeptAside(Exception):
    """It has been withheld, or moved away, since it was found."""


def _within_limit(actor: Actor, at: datetime) -> None:
    """One search of an officer at a time, so that two at once are two."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [SEARCH, actor.officer_id])
    since = datetime.combine(get_local_date(at), time(), AMMAN)
    today = ChangeRecord.objects.filter(
        model=SEARCH, key=actor.id, at__gte=since, at__lt=since + timedelta(days=1)
    )
    if today.count() >= A_DAY:
        raise TooManySearches


def _found(phone: str, names: list[str], actor: Actor) -> list[Case]:
    bodies = get_reachable_bodies(actor, Permission.SEARCH_PEOPLE)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT find_people(%s::bigint[], %s, %s::text[], %s)",
            [None if bodies is None else sorted(bodies), phone, names, MOST],
        )
        ids = [case for (case,) in cursor.fetchall()]
    rows = Case.objects.filter(visible(actor, Permission.SEARCH_PEOPLE), pk__in=ids, withheld=False)
    return list(rows.select_related("particulars").order_by("-received_at", "-pk"))


def _journalled(case: Case, why: Why, actor: Actor, at: datetime) -> bool:
    def decide(standing: CaseState) -> Change:
        if standing.withheld or standing.care is not Handling.OPEN:
            raise _KeptAside
        allowed(actor, Permission.SEARCH_PEOPLE, standing)
        facts = looked(actor, Permission.SEARCH_PEOPLE, standing)
        return Change(EventType.IDENTITY_LOOKED, facts | {"why": str(why)})

    try:
        record(case=case.pk, seen=None, actor=actor, at=at, decide=decide)
    except (_KeptAside, NotAllowed):
        return False
    return True


def _masked(phone: str) -> str:
    return mask_phone(phone) if phone else ""
