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

from ...journal import Change, record
from ...models import Case
from ...queries.case.guest_access import can_see_citizen
from ...queries.visibility import build_visibility_filter
from ...rules.access import build_access_record, has_permission_anywhere
from ...rules.access_reasons import SEARCH_REASONS, AccessReason
from ...rules.case_state import CaseState
from ...rules.states import EventType
from ...rules.transitions import NotPossibleNow
from ..permission_check import require_permission

SEARCH_MODEL, OPENED_MODEL = "desk.people", "desk.people.opened"  # as the history of changes names them
MAX_SEARCHES_PER_DAY = 30  # searches of one officer: who needs more is collecting
MAX_FOUND_CASES = 20  # cases that one search shows
MIN_NAME_WORDS = 2  # of a name: one alone is thousands of people's

_SEARCH_TERM_REQUIRED = BilingualText(
    "اكتب رقم هاتف كاملًا، أو اسمين على الأقل.", "Write a whole telephone number, or at least two names."
)
_REASON_REQUIRED = BilingualText("اختر سبب البحث.", "Choose why you search.")
_PARTICIPATION_REQUIRED = BilingualText("اقبلوا المشاركة أولًا.", "Say first that your body takes part.")
_IDENTITY_WITHHELD = BilingualText(
    "الهوية محجوبة في هذا الطلب، فلا تُطبع.", "The identity is withheld in this case: it is not printed."
)


class TooManySearches(Refusal):
    message = BilingualText(
        f"بحثت اليوم عن {MAX_SEARCHES_PER_DAY} شخصًا، وهذا حد اليوم. من راجعك ولا رقم معه فليفتح «كل طلباتي» بهاتفه.",
        f"You have searched {MAX_SEARCHES_PER_DAY} times today, the limit of a day. People open «all my cases» by "
        f"their telephone.",
    )


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case that a search for a person hit, with enough to tell namesakes apart."""

    standing: CaseState
    name: str
    phone: str


def search_people(*, who: str, why: AccessReason | None, actor: Actor, at: datetime) -> list[FoundCase]:
    """The newest cases of people with this telephone, or with all words of this name, among the officer's own.

    Withheld and need-to-know cases are never among them. The search and each case that it hits are written down.
    """
    if not has_permission_anywhere(actor, Permission.SEARCH_PEOPLE):
        raise NotAllowed
    if why not in SEARCH_REASONS:
        raise InvalidInput(FieldError("why", _REASON_REQUIRED))
    phone = parse_phone(who) or ""
    names = [] if phone else sorted(set(fold_text(who).split()))
    if not phone and (len(names) < MIN_NAME_WORDS or any(len(name) < MIN_NAME_WORDS for name in names)):
        raise InvalidInput(FieldError("who", _SEARCH_TERM_REQUIRED))
    with transaction.atomic():
        _require_search_quota(actor, at)
        found = _find_cases(phone, names, actor)
        by_key = sorted(found, key=lambda case: case.pk)  # two who search lock in one order
        hit = {case.pk for case in by_key if _record_access(case, why, actor, at)}
        found = [case for case in found if case.pk in hit]
        ChangeRecord.objects.create(
            at=at, actor=str(actor), model=SEARCH_MODEL, key=actor.id, before=None,
            after={"by": "phone" if phone else "name", "of": derive_hmac("people", phone, *names).hex()[:32],
                   "why": str(why), "cases": [case.reference for case in found]},
        )  # fmt: skip
    return [
        FoundCase(case.standing, case.particulars.name, _mask_phone(case.particulars.phone)) for case in found
    ]


def record_opened_case(*, reference: str, actor: Actor, at: datetime) -> None:
    """An officer opens a case from among those that a search found."""
    if not has_permission_anywhere(actor, Permission.SEARCH_PEOPLE):
        raise NotAllowed
    ChangeRecord.objects.create(
        at=at, actor=str(actor), model=OPENED_MODEL, key=actor.id, before=None, after={"case": reference}
    )


def record_printed_case(*, case: UUID, actor: Actor, at: datetime) -> int:
    """A case goes on paper with its person's name. A withheld one never does, also for who was let to look."""

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.READ, standing)
        if standing.withheld:
            raise NotPossibleNow(standing.state, _IDENTITY_WITHHELD)
        if not can_see_citizen(case, actor, standing):
            raise NotPossibleNow(standing.state, _PARTICIPATION_REQUIRED)
        return Change(
            EventType.IDENTITY_LOOKED,
            build_access_record(actor, Permission.READ, standing) | {"why": str(AccessReason.PRINTED)},
        )

    return record(case=case, seen=None, actor=actor, at=at, decide=decide)


class _NoLongerFindable(Exception):
    """It has been withheld, or moved away, since it was found."""


def _require_search_quota(actor: Actor, at: datetime) -> None:
    """One search of an officer at a time, so that two at once are two."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [SEARCH_MODEL, actor.officer_id])
    since = datetime.combine(get_local_date(at), time(), AMMAN)
    today = ChangeRecord.objects.filter(
        model=SEARCH_MODEL, key=actor.id, at__gte=since, at__lt=since + timedelta(days=1)
    )
    if today.count() >= MAX_SEARCHES_PER_DAY:
        raise TooManySearches


def _find_cases(phone: str, names: list[str], actor: Actor) -> list[Case]:
    bodies = get_reachable_bodies(actor, Permission.SEARCH_PEOPLE)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT find_people(%s::bigint[], %s, %s::text[], %s)",
            [None if bodies is None else sorted(bodies), phone, names, MAX_FOUND_CASES],
        )
        ids = [case for (case,) in cursor.fetchall()]
    rows = Case.objects.filter(
        build_visibility_filter(actor, Permission.SEARCH_PEOPLE), pk__in=ids, withheld=False
    )
    return list(rows.select_related("particulars").order_by("-received_at", "-pk"))


def _record_access(case: Case, why: AccessReason, actor: Actor, at: datetime) -> bool:
    def decide(standing: CaseState) -> Change:
        if standing.withheld or standing.care is not Handling.OPEN:
            raise _NoLongerFindable
        require_permission(actor, Permission.SEARCH_PEOPLE, standing)
        facts = build_access_record(actor, Permission.SEARCH_PEOPLE, standing)
        return Change(EventType.IDENTITY_LOOKED, facts | {"why": str(why)})

    try:
        record(case=case.pk, seen=None, actor=actor, at=at, decide=decide)
    except (_NoLongerFindable, NotAllowed):
        return False
    return True


def _mask_phone(phone: str) -> str:
    return mask_phone(phone) if phone else ""
