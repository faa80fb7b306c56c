"""Talking with the citizen, and answering: the entity's word."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bekhedmetkom.catalogue.rules import DISPOSITIONS, Disposition
from bekhedmetkom.entities.queries import tree, working_calendar
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, Invalid, NotAllowed
from bekhedmetkom.kernel.words import Words

from ..journal import Act, record
from ..models import Attachment, Case, CaseText, Draft
from ..rules.deadlines import resumed
from ..rules.standing import Standing
from ..rules.states import Happened, NotPossibleNow
from .permitted import allowed
from .wording import cleaned, worded

_NOT_FOR_KIND = Words("هذه النتيجة لا تناسب نوع الطلب.", "This outcome does not fit the kind of case.")
_NEEDS_APPROVAL = Words(
    "تعتمد جهتك الردود قبل إرسالها. أرسله للاعتماد.",
    "Your body approves replies first: submit it for approval.",
)
_OWN_DRAFT = Words("لا يعتمد أحد ردًا كتبه بنفسه.", "Nobody approves a reply that they wrote.")
_SECOND_PERSON = Words(
    "وصف الطلب بالإزعاج أو الإساءة يحتاج موظفًا ثانيًا. أرسله ليؤكده غيرك.",
    "Calling a case spam or abuse needs a second person: submit it for confirmation.",
)
_ABUSE_WAITS = Words(
    "ينتظر الطلب تأكيد الإساءة، لا اعتماد رد.", "A finding of abuse is to be confirmed, not approved."
)
_NO_ABUSE = Words("لم يصفه أحد بالإزعاج أو الإساءة.", "Nobody has called this spam or abuse.")


def ask(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, uploads: Sequence[UUID] = ()) -> int:
    """Ask the citizen for what is missing; the clock waits for the reply, five working days in all.

    Files that come with a question or an answer are for the citizen; those of a note stay inside.
    """
    text = worded("text", text)

    def decide(standing: Standing) -> Act:
        allowed(actor, Permission.ASK, standing)
        return Act(Happened.ASKED, {"by": actor.officer_id}, {"question": text}, uploads, shows=True)

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def note(
    *, case: UUID, seen: int, actor: Actor, at: datetime, text: str, uploads: Sequence[UUID] = ()
) -> int:
    """An internal note: the citizen does not see it, and it counts as no act."""
    text = worded("text", text)

    def decide(standing: Standing) -> Act:
        allowed(actor, Permission.NOTE, standing)
        return Act(Happened.NOTED, {"by": actor.officer_id}, {"note": text}, uploads)

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def save_draft(*, case: UUID, actor: Actor, at: datetime, text: str, disposition: str = "") -> None:
    """Keep an unsent reply for its writer. No fact about the case yet, so no event."""
    row = Case.objects.get(pk=case)
    allowed(actor, Permission.DRAFT, row.standing)
    Draft.objects.update_or_create(
        case=row,
        officer_id=actor.officer_id or 0,
        defaults={"text": cleaned(text)[:20_000], "disposition": disposition[:30], "saved_at": at},
    )


def submit_reply(
    *, case: UUID, seen: int, actor: Actor, at: datetime, text: str, disposition: Disposition,
    uploads: Sequence[UUID] = (),
) -> int:  # fmt: skip
    """Put a written reply before the approver; a finding of abuse before a second person. Its files wait with it."""
    text = worded("text", text, limit=8000)

    def decide(standing: Standing) -> Act:
        allowed(actor, Permission.SUBMIT, standing)
        _fits_kind(standing, disposition)
        data = {"disposition": str(disposition), "by": actor.officer_id}
        return Act(Happened.REPLY_SUBMITTED, data, {"reply": text}, uploads)

    return _sent(record(case=case, seen=seen, actor=actor, at=at, decide=decide), case, actor)


def approve(*, case: UUID, seen: int, actor: Actor, at: datetime) -> int:
    """Let the submitted reply go out, word for word. Never one's own."""

    def decide(standing: Standing) -> Act:
        allowed(actor, Permission.APPROVE, standing)
        if standing.disposition is Disposition.ABUSE:
            raise NotPossibleNow(standing.state, _ABUSE_WAITS)
        return _released(case, standing, actor, Happened.REPLY_APPROVED)

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def confirm(*, case: UUID, seen: int, actor: Actor, at: datetime) -> int:
    """A second person agrees that the case is spam or abuse."""

    def decide(standing: Standing) -> Act:
        allowed(actor, Permission.CONFIRM, standing)
        if standing.disposition is not Disposition.ABUSE:
            raise NotPossibleNow(standing.state, _NO_ABUSE)
        return _released(case, standing, actor, Happened.ABUSE_CONFIRMED)

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def send_back(*, case: UUID, seen: int, actor: Actor, at: datetime, reason: str) -> int:
    """Return a submitted reply to its writer, with what is to be changed."""
    reason = worded("reason", reason)

    def decide(standing: Standing) -> Act:
        allowed(actor, Permission.SEND_BACK, standing)
        _not_ones_own(standing, actor)
        return Act(Happened.REPLY_SENT_BACK, {"disposition": None, "by": actor.officer_id}, {"cause": reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def answer(
    *, case: UUID, seen: int, actor: Actor, at: datetime, text: str, disposition: Disposition,
    uploads: Sequence[UUID] = (),
) -> int:  # fmt: skip
    """Answer the citizen. The text lies apart, where it can be erased; the journal holds its salted hash."""
    text = worded("text", text, limit=8000)

    def decide(standing: Standing) -> Act:
        allowed(actor, Permission.ANSWER, standing)
        _fits_kind(standing, disposition)
        if disposition is Disposition.ABUSE:
            raise NotPossibleNow(standing.state, _SECOND_PERSON)
        if tree()[standing.entity_id].needs_approval:
            raise NotPossibleNow(standing.state, _NEEDS_APPROVAL)
        data: dict[str, Any] = {"disposition": str(disposition), "by": actor.officer_id}
        data |= resumed(standing, at, working_calendar())
        return Act(Happened.ANSWERED, data, {"answer": text}, uploads, shows=True)

    return _sent(record(case=case, seen=seen, actor=actor, at=at, decide=decide), case, actor)


def _released(case: UUID, standing: Standing, actor: Actor, happened: Happened) -> Act:
    _not_ones_own(standing, actor)
    written = CaseText.objects.filter(case=case, field="reply").order_by("-seq").first()
    if written is None:  # its words were erased while they waited
        raise NotPossibleNow(standing.state)
    data: dict[str, Any] = {"by": actor.officer_id, "drafted_by": standing.drafted_by_id}
    if waiting := Attachment.objects.filter(case=case, seq=written.seq, shown=False).values_list(
        "pk", flat=True
    ):
        data["shown"] = sorted(str(file) for file in waiting)
    return Act(happened, data, {"answer": written.body})


def _not_ones_own(standing: Standing, actor: Actor) -> None:
    if standing.drafted_by_id == actor.officer_id:
        raise NotAllowed(_OWN_DRAFT)


def _fits_kind(standing: Standing, disposition: Disposition) -> None:
    if disposition not in DISPOSITIONS[standing.kind]:
        raise Invalid(FieldError("disposition", _NOT_FOR_KIND))


def _sent(seq: int, case: UUID, actor: Actor) -> int:
    """The draft has become a fact."""
    Draft.objects.filter(case=case, officer=actor.officer_id or 0).delete()
    return seq
