"""Talking with the citizen, and answering: the entity's word."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bekhedmetkom.catalogue.rules import DISPOSITIONS_BY_KIND, Disposition
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ..journal import Change, record
from ..kept import Draft
from ..models import Attachment, Event
from ..queries.approving import demanded, why
from ..queries.quality import reply_quality
from ..queries.readers import colleagues_reading
from ..rules.approval import writers
from ..rules.case_state import CaseState
from ..rules.deadlines import resumed
from ..rules.drafts import REPLY
from ..rules.quality import Judgement
from ..rules.states import EventType
from ..rules.transitions import NotPossibleNow
from ..rules.verbs import permission_for
from .composing import Composed, Sent, bodys_word, compose, waiting
from .permitted import allowed
from .wording import worded

_NOT_FOR_KIND = BilingualText(
    "هذه النتيجة لا تناسب نوع الطلب.", "This outcome does not fit the kind of case."
)
_NEEDS_APPROVAL = BilingualText("{why} أرسله للاعتماد.", "{why} Submit it for approval.")
_OWN_DRAFT = BilingualText(
    "لا يعتمد أحد ردًا شارك في كتابته.", "Nobody approves a reply that they had a hand in writing."
)
_SECOND_PERSON = BilingualText(
    "وصف الطلب بالإزعاج أو الإساءة يحتاج موظفًا ثانيًا. أرسله ليؤكده غيرك.",
    "Calling a case spam or abuse needs a second person: submit it for confirmation.",
)
_ABUSE_WAITS = BilingualText(
    "ينتظر الطلب تأكيد الإساءة، لا اعتماد رد.", "A finding of abuse is to be confirmed, not approved."
)
_TOO_LITTLE = BilingualText(
    "لا يقول الرد ما يكفي. عدّله، أو اكتب هنا لماذا يُرسل كما هو.",
    "The reply says too little. Change it, or write here why it goes out as it is.",
)
_NOT_A_READER = BilingualText(
    "من أشرت إليه لا يرى هذا الطلب.", "Whoever you mention must be able to see this case."
)
_NO_ABUSE = BilingualText("لم يصفه أحد بالإزعاج أو الإساءة.", "Nobody has called this spam or abuse.")


class SaysTooLittle(InvalidInput):
    """The reply is below the threshold of quality, and nobody has said why it should go out so."""

    def __init__(self, quality: Judgement):
        self.quality = quality
        super().__init__(
            FieldError("quality_reason", _TOO_LITTLE),
            *(FieldError("text", found.said) for found in quality.findings if found.blocks),
        )


def ask(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, uploads: Sequence[UUID] = ()) -> int:
    """Ask the citizen for what is missing; the clock waits for the reply, five working days in all.

    Files that come with a question or an answer are for the citizen; those of a note stay inside.
    """
    text = worded("text", text)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.ASK, standing)
        return Change(EventType.ASKED, {"by": actor.officer_id}, {"question": text}, uploads, shows=True)

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def note(
    *, case: UUID, seen: int, actor: Actor, at: datetime, text: str, uploads: Sequence[UUID] = (),
    mentions: Collection[int] = (),
) -> int:  # fmt: skip
    """An internal note: the citizen does not see it, and it counts as no act.

    `mentions`: colleagues who are told of it; each of them may read the case.
    """
    text = worded("text", text)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.NOTE, standing)
        data: dict[str, Any] = {"by": actor.officer_id}
        if mentions:
            if not {who.id for who in colleagues_reading(standing, at)}.issuperset(mentions):
                raise InvalidInput(FieldError("mentions", _NOT_A_READER))
            data["mentions"] = sorted(set(mentions))
        return Change(EventType.NOTED, data, {"note": text}, uploads)

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def submit_reply(
    *, case: UUID, seen: int, actor: Actor, at: datetime, text: str, disposition: Disposition,
    uploads: Sequence[UUID] = (), quality_reason: str = "", unit: int | None = None, on: date | None = None,
    objection: str = "", template: int | None = None,
) -> int:  # fmt: skip
    """Put a written reply before the approver; a finding of abuse before a second person. Its files wait with it.

    A reply of too little quality can be submitted: `quality_reason` tells the approver why it should go out so.
    """
    sent = Sent.cleaned(text, unit, on, objection, template)
    reason = reason_given(quality_reason)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.SUBMIT, standing)
        _fits_kind(standing, disposition)
        said = compose(sent, standing, case)
        quality = _quality(case, standing, actor.officer_id, at, said, disposition)
        data = {
            "disposition": str(disposition),
            "by": actor.officer_id,
            "quality": quality.score,
            **said.data,
        }
        return Change(EventType.REPLY_SUBMITTED, data, {"reply": said.text, **said.parts, **reason}, uploads)

    return _sent(record(case=case, seen=seen, actor=actor, at=at, decide=decide), case, actor)


def approve(*, case: UUID, seen: int, actor: Actor, at: datetime, quality_reason: str = "") -> int:
    """Let the submitted reply go out, word for word. Never one's own; `SaysTooLittle` without a reason for it."""
    reason = reason_given(quality_reason)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.APPROVE, standing)
        if standing.disposition is Disposition.ABUSE:
            raise NotPossibleNow(standing.state, _ABUSE_WAITS)
        act, said = _released(case, standing, actor, EventType.REPLY_APPROVED)
        assert standing.disposition
        quality = _quality(case, standing, standing.drafted_by_id, at, said, standing.disposition)
        return replace(act, data={**act.data, **passed(quality, reason)}, texts={**act.texts, **reason})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def confirm(*, case: UUID, seen: int, actor: Actor, at: datetime) -> int:
    """A second person agrees that the case is spam or abuse."""

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.CONFIRM, standing)
        if standing.disposition is not Disposition.ABUSE:
            raise NotPossibleNow(standing.state, _NO_ABUSE)
        return _released(case, standing, actor, EventType.ABUSE_CONFIRMED)[0]

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def send_back(*, case: UUID, seen: int, actor: Actor, at: datetime, reason: str) -> int:
    """Return a submitted reply to its writer, with what is to be changed; its words are their draft again."""
    reason = worded("reason", reason)

    def decide(standing: CaseState) -> Change:
        allowed(actor, permission_for("send-back", standing), standing)
        _not_ones_own(case, actor)
        _back_to_draft(case, standing, at)
        return Change(
            EventType.REPLY_SENT_BACK, {"disposition": None, "by": actor.officer_id}, {"cause": reason}
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def answer(
    *, case: UUID, seen: int, actor: Actor, at: datetime, text: str, disposition: Disposition,
    uploads: Sequence[UUID] = (), quality_reason: str = "", unit: int | None = None, on: date | None = None,
    objection: str = "", template: int | None = None,
) -> int:  # fmt: skip
    """Answer the citizen. The text lies apart, where it can be erased; the journal holds its salted hash.

    `SaysTooLittle` where its quality is below the threshold and no reason is given.
    """
    sent = Sent.cleaned(text, unit, on, objection, template)
    reason = reason_given(quality_reason)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.ANSWER, standing)
        _fits_kind(standing, disposition)
        if disposition is Disposition.ABUSE:
            raise NotPossibleNow(standing.state, _SECOND_PERSON)
        if rule := demanded(standing, actor.officer_id, at):
            raise NotPossibleNow(standing.state, _NEEDS_APPROVAL.format(why=why(rule)))
        said = compose(sent, standing, case)
        data: dict[str, Any] = {"disposition": str(disposition), "by": actor.officer_id, **said.data}
        data |= resumed(standing, at, get_working_calendar()) | bodys_word(standing)
        data |= passed(_quality(case, standing, actor.officer_id, at, said, disposition), reason)
        return Change(
            EventType.ANSWERED, data, {"answer": said.text, **said.parts, **reason}, uploads, shows=True
        )

    return _sent(record(case=case, seen=seen, actor=actor, at=at, decide=decide), case, actor)


def reason_given(typed: str) -> dict[str, str]:
    """Why a reply goes out as it is, as the journal keeps it; nothing where none was given."""
    reason = worded("quality_reason", typed, required=False)
    return {"quality_reason": reason} if reason else {}


def _quality(
    case: UUID,
    standing: CaseState,
    writer: int | None,
    at: datetime,
    said: Composed,
    disposition: Disposition,
) -> Judgement:
    return reply_quality(
        case=case, standing=standing, writer=writer, at=at, text=said.text, disposition=disposition,
        given=said.given,
    )  # fmt: skip


def passed(quality: Judgement, reason: Mapping[str, str]) -> dict[str, int]:
    """What the event says of it: the score, and whether somebody let it go out below the threshold."""
    if not quality.blocks:
        return {"quality": quality.score}
    if not reason:
        raise SaysTooLittle(quality)
    return {"quality": quality.score, "overridden": 1}


def _back_to_draft(case: UUID, standing: CaseState, at: datetime) -> None:
    """What its writer has begun meanwhile stays; whoever sends it back does not see whether there is such a draft."""
    said = waiting(case)
    if said and standing.drafted_by_id:
        draft = Draft(
            case_id=case, officer_id=standing.drafted_by_id, place=REPLY, saved_at=at,
            disposition=standing.disposition or "", **said.typed,
        )  # fmt: skip
        Draft.objects.bulk_create([draft], ignore_conflicts=True)


def _released(case: UUID, standing: CaseState, actor: Actor, happened: EventType) -> tuple[Change, Composed]:
    """What waits goes out word for word, its parts and its files with it."""
    _not_ones_own(case, actor)
    said = waiting(case)
    if said is None:
        raise NotPossibleNow(standing.state)
    data: dict[str, Any] = {
        "disposition": str(standing.disposition), "by": actor.officer_id, "drafted_by": standing.drafted_by_id,
        **said.data,
    }  # fmt: skip
    data |= bodys_word(standing)
    submitted = Event.objects.filter(case=case, kind=EventType.REPLY_SUBMITTED).order_by("-seq")
    files = Attachment.objects.filter(case=case, seq=submitted.values("seq")[:1], shown=False)
    if keys := files.values_list("pk", flat=True):
        data["shown"] = sorted(str(key) for key in keys)
    return Change(happened, data, {"answer": said.text, **said.parts}), said


def _not_ones_own(case: UUID, actor: Actor) -> None:
    journal = Event.objects.filter(case=case).order_by("-seq").values_list("kind", "data__by")
    if actor.officer_id in writers((EventType(kind), by) for kind, by in journal):
        raise NotAllowed(_OWN_DRAFT)


def _fits_kind(standing: CaseState, disposition: Disposition) -> None:
    if disposition not in DISPOSITIONS_BY_KIND[standing.kind]:
        raise InvalidInput(FieldError("disposition", _NOT_FOR_KIND))


def _sent(seq: int, case: UUID, actor: Actor) -> int:
    """The draft has become a fact."""
    Draft.objects.filter(case=case, officer=actor.officer_id or 0, place=REPLY).delete()
    return seq
