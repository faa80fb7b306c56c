"""What the person who brought the case does with it: the citizen's word."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.catalogue.queries import get_appeal_policy, get_policy_version
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from ..journal import Change, record
from ..queries.workload import next_reviewer
from ..rules.case_state import CaseState, format_instant
from ..rules.deadlines import appeal_until, promised, reopened, resumed
from ..rules.states import ANSWERED, EventType, State
from ..rules.transitions import NotPossibleNow
from ..rules.verbs import said_yes
from .permitted import own
from .wording import gated, worded

_STARS = BilingualText("اختر من نجمة إلى خمس نجوم.", "Choose one to five stars.")
_TOO_LATE = BilingualText(
    "انتهت مدة الاعتراض على هذا الرد.", "The time to appeal against this answer has passed."
)
_RATING_OVER = BilingualText("انتهت مدة تقييم هذا الطلب.", "The time for rating this case has passed.")
_FINAL = BilingualText(
    "قرار الاعتراض نهائي على هذه المنصة. في القرار ذكر الجهات التي يمكنك اللجوء إليها.",
    "The decision on your appeal is final here; it names where else you can go.",
)


def write(
    *, case: UUID, seen: int | None, actor: Actor, at: datetime, text: str = "", uploads: Sequence[UUID] = (),
    gate_declined: bool = False, via: str = "",
) -> int:  # fmt: skip
    """Add information or answer a question, in words, files or both.

    It ends a pause, and reopens what was closed for want of information. `via`: the way it came, where that is not
    the case's own page (`email`).
    """
    text = gated(worded("text", text, required=not uploads), declined=gate_declined)
    said = {"message": text} if text else {}
    way = {"via": via} if via else {}

    def decide(standing: CaseState) -> Change:
        own(actor, standing)
        if standing.state in ANSWERED and standing.disposition is Disposition.INSUFFICIENT:
            terms = get_policy_version(standing.policy_id).terms
            return Change(
                EventType.SUPPLIED, reopened(standing, at, terms, get_working_calendar()) | way, said, uploads
            )
        return Change(EventType.WROTE, resumed(standing, at, get_working_calendar()) | way, said, uploads)

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def rate(
    *, case: UUID, seen: int | None, actor: Actor, at: datetime, solved: bool, stars: int | None = None,
    comment: str = "", gate_declined: bool = False, via: str = "",
) -> int:  # fmt: skip
    """Was it solved? The one word that counts as resolved is this yes; a no counts at once."""
    starred(stars)
    comment = gated(worded("comment", comment, limit=2000, required=False), declined=gate_declined)

    def decide(standing: CaseState) -> Change:
        own(actor, standing)
        if at > appeal_until(standing, get_policy_version(standing.policy_id).terms):
            raise NotPossibleNow(standing.state, _RATING_OVER)
        if standing.state is State.RESOLVED and said_yes(standing):
            raise NotPossibleNow(standing.state)
        happened = EventType.CONFIRMED if solved else EventType.DENIED
        facts = {"stars": stars, "via": via or None}
        known = {name: fact for name, fact in facts.items() if fact is not None}
        return Change(happened, known, {"comment": comment} if comment else {})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def starred(stars: int | None) -> None:
    """`Invalid` but for one to five, or none."""
    if stars is not None and stars not in range(1, 6):
        raise InvalidInput(FieldError("stars", _STARS))


def appeal(
    *, case: UUID, seen: int | None, actor: Actor, at: datetime, reason: str, gate_declined: bool = False
) -> int:
    """«Not solved», and why: goes to a reviewer who never handled the case, with a term of its own."""
    reason = gated(worded("reason", reason), declined=gate_declined)

    def decide(standing: CaseState) -> Change:
        own(actor, standing)
        if standing.appeal_outcome is Disposition.NOT_UPHELD:
            raise NotPossibleNow(standing.state, _FINAL)
        if standing.state in ANSWERED and at > appeal_until(
            standing, get_policy_version(standing.policy_id).terms
        ):
            raise NotPossibleNow(standing.state, _TOO_LATE)
        policy = get_appeal_policy(entity=standing.entity_id, at=at)
        data = {
            "policy_id": policy.id,
            "due_at": format_instant(promised(at, policy.terms, get_working_calendar())),
            "reviewer_id": next_reviewer(case, standing, at),
            "against": standing.policy_id,
        }
        return Change(EventType.APPEALED, data, {"appeal": reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def withdraw(*, case: UUID, seen: int | None, actor: Actor, at: datetime) -> int:
    """Take the case back, before it is answered."""

    def decide(standing: CaseState) -> Change:
        own(actor, standing)
        return Change(EventType.WITHDRAWN, {"disposition": str(Disposition.WITHDRAWN)})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def erase(*, case: UUID, seen: int | None, actor: Actor, at: datetime) -> int:
    """Take the case back whatever became of it, and delete every word, name and file in it, of officers too.

    Its number, its dates and what happened stay; the event says nothing of why.
    """

    def decide(standing: CaseState) -> Change:
        own(actor, standing)
        ended = standing.disposition or standing.state is State.MERGED
        return Change(EventType.ERASED, {} if ended else {"disposition": str(Disposition.WITHDRAWN)})

    with transaction.atomic():
        seq = record(case=case, seen=seen, actor=actor, at=at, decide=decide)
        with connection.cursor() as cursor:
            cursor.execute("SELECT erase_words(%s)", [case])
    return seq
