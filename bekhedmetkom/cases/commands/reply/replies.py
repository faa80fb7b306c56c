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

from ...journal import Change, record
from ...models import Attachment, Event
from ...queries.case.readers import list_colleagues_with_access
from ...queries.case.reply_quality import judge_case_reply
from ...queries.leadership.approval import explain_approval, find_required_approval
from ...rules.actions import get_required_permission
from ...rules.approval import list_reply_writers
from ...rules.case_state import CaseState
from ...rules.deadlines import build_resumption_data
from ...rules.drafts import REPLY_DRAFT
from ...rules.quality import Judgement
from ...rules.states import EventType
from ...rules.transitions import NotPossibleNow
from ...workspace_models import Draft
from ..permission_check import require_permission
from ..text_validation import validate_text
from .composition import ComposedReply, ReplyInput, build_entity_data, build_reply, get_submitted_reply

_INVALID_DISPOSITION = BilingualText(
    "هذه النتيجة لا تناسب نوع الطلب.", "This outcome does not fit the kind of case."
)
_NEEDS_APPROVAL = BilingualText("{why} أرسله للاعتماد.", "{why} Submit it for approval.")
_OWN_REPLY = BilingualText(
    "لا يعتمد أحد ردًا شارك في كتابته.", "Nobody approves a reply that they had a hand in writing."
)
_SECOND_OFFICER_REQUIRED = BilingualText(
    "وصف الطلب بالإزعاج أو الإساءة يحتاج موظفًا ثانيًا. أرسله ليؤكده غيرك.",
    "Calling a case spam or abuse needs a second person: submit it for confirmation.",
)
_ABUSE_PENDING = BilingualText(
    "ينتظر الطلب تأكيد الإساءة، لا اعتماد رد.", "A finding of abuse is to be confirmed, not approved."
)
_LOW_QUALITY = BilingualText(
    "لا يقول الرد ما يكفي. عدّله، أو اكتب هنا لماذا يُرسل كما هو.",
    "The reply says too little. Change it, or write here why it goes out as it is.",
)
_NOT_A_READER = BilingualText(
    "من أشرت إليه لا يرى هذا الطلب.", "Whoever you mention must be able to see this case."
)
_NO_ABUSE_FINDING = BilingualText("لم يصفه أحد بالإزعاج أو الإساءة.", "Nobody has called this spam or abuse.")


class LowQualityReply(InvalidInput):
    """The reply is below the threshold of quality, and nobody has said why it should go out so."""

    def __init__(self, quality: Judgement):
        self.quality = quality
        super().__init__(
            FieldError("quality_reason", _LOW_QUALITY),
            *(FieldError("text", found.said) for found in quality.findings if found.blocks),
        )


def ask_citizen(
    *, case: UUID, seen: int, actor: Actor, at: datetime, text: str, uploads: Sequence[UUID] = ()
) -> int:
    """Ask the citizen for what is missing; the clock waits for the reply, five working days in all.

    Files that come with a question or an answer are for the citizen; those of a note stay inside.
    """
    text = validate_text("text", text)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.ASK, standing)
        return Change(
            EventType.ASKED, {"by": actor.officer_id}, {"question": text}, uploads, shows_files=True
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def add_note(
    *, case: UUID, seen: int, actor: Actor, at: datetime, text: str, uploads: Sequence[UUID] = (),
    mentions: Collection[int] = (),
) -> int:  # fmt: skip
    """An internal note: the citizen does not see it, and it counts as no act.

    `mentions`: colleagues who are told of it; each of them may read the case.
    """
    text = validate_text("text", text)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.NOTE, standing)
        data: dict[str, Any] = {"by": actor.officer_id}
        if mentions:
            if not {who.id for who in list_colleagues_with_access(standing, at)}.issuperset(mentions):
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
    sent = ReplyInput.cleaned(text, unit, on, objection, template)
    reason = validate_quality_reason(quality_reason)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.SUBMIT, standing)
        _validate_disposition(standing, disposition)
        said = build_reply(sent, standing, case)
        quality = _judge_quality(case, standing, actor.officer_id, at, said, disposition)
        data = {
            "disposition": str(disposition),
            "by": actor.officer_id,
            "quality": quality.score,
            **said.data,
        }
        return Change(EventType.REPLY_SUBMITTED, data, {"reply": said.text, **said.parts, **reason}, uploads)

    return _discard_sent_draft(record(case=case, seen=seen, actor=actor, at=at, decide=decide), case, actor)


def approve_reply(*, case: UUID, seen: int, actor: Actor, at: datetime, quality_reason: str = "") -> int:
    """Let the submitted reply go out, word for word. Never one's own; `SaysTooLittle` without a reason for it."""
    reason = validate_quality_reason(quality_reason)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.APPROVE, standing)
        if standing.disposition is Disposition.ABUSE:
            raise NotPossibleNow(standing.state, _ABUSE_PENDING)
        act, said = _build_approved_reply(case, standing, actor, EventType.REPLY_APPROVED)
        assert standing.disposition
        quality = _judge_quality(case, standing, standing.drafted_by_id, at, said, standing.disposition)
        return replace(
            act, data={**act.data, **build_quality_data(quality, reason)}, texts={**act.texts, **reason}
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def confirm_abuse(*, case: UUID, seen: int, actor: Actor, at: datetime) -> int:
    """A second person agrees that the case is spam or abuse."""

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.CONFIRM, standing)
        if standing.disposition is not Disposition.ABUSE:
            raise NotPossibleNow(standing.state, _NO_ABUSE_FINDING)
        return _build_approved_reply(case, standing, actor, EventType.ABUSE_CONFIRMED)[0]

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def send_back_reply(*, case: UUID, seen: int, actor: Actor, at: datetime, reason: str) -> int:
    """Return a submitted reply to its writer, with what is to be changed; its words are their draft again."""
    reason = validate_text("reason", reason)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, get_required_permission("send-back", standing), standing)
        _require_other_writer(case, actor)
        _restore_draft(case, standing, at)
        return Change(
            EventType.REPLY_SENT_BACK, {"disposition": None, "by": actor.officer_id}, {"cause": reason}
        )

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def answer_case(
    *, case: UUID, seen: int, actor: Actor, at: datetime, text: str, disposition: Disposition,
    uploads: Sequence[UUID] = (), quality_reason: str = "", unit: int | None = None, on: date | None = None,
    objection: str = "", template: int | None = None,
) -> int:  # fmt: skip
    """Answer the citizen. The text lies apart, where it can be erased; the journal holds its salted hash.

    `SaysTooLittle` where its quality is below the threshold and no reason is given.
    """
    sent = ReplyInput.cleaned(text, unit, on, objection, template)
    reason = validate_quality_reason(quality_reason)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.ANSWER, standing)
        _validate_disposition(standing, disposition)
        if disposition is Disposition.ABUSE:
            raise NotPossibleNow(standing.state, _SECOND_OFFICER_REQUIRED)
        if rule := find_required_approval(standing, actor.officer_id, at):
            raise NotPossibleNow(standing.state, _NEEDS_APPROVAL.format(why=explain_approval(rule)))
        said = build_reply(sent, standing, case)
        data: dict[str, Any] = {"disposition": str(disposition), "by": actor.officer_id, **said.data}
        data |= build_resumption_data(standing, at, get_working_calendar()) | build_entity_data(standing)
        data |= build_quality_data(
            _judge_quality(case, standing, actor.officer_id, at, said, disposition), reason
        )
        return Change(
            EventType.ANSWERED, data, {"answer": said.text, **said.parts, **reason}, uploads, shows_files=True
        )

    return _discard_sent_draft(record(case=case, seen=seen, actor=actor, at=at, decide=decide), case, actor)


def validate_quality_reason(typed: str) -> dict[str, str]:
    """Why a reply goes out as it is, as the journal keeps it; nothing where none was given."""
    reason = validate_text("quality_reason", typed, required=False)
    return {"quality_reason": reason} if reason else {}


def _judge_quality(
    case: UUID,
    standing: CaseState,
    writer: int | None,
    at: datetime,
    said: ComposedReply,
    disposition: Disposition,
) -> Judgement:
    return judge_case_reply(
        case=case, standing=standing, writer=writer, at=at, text=said.text, disposition=disposition,
        given=said.given,
    )  # fmt: skip


def build_quality_data(quality: Judgement, reason: Mapping[str, str]) -> dict[str, int]:
    """What the event says of it: the score, and whether somebody let it go out below the threshold."""
    if not quality.blocks:
        return {"quality": quality.score}
    if not reason:
        raise LowQualityReply(quality)
    return {"quality": quality.score, "overridden": 1}


def _restore_draft(case: UUID, standing: CaseState, at: datetime) -> None:
    """What its writer has begun meanwhile stays; whoever sends it back does not see whether there is such a draft."""
    said = get_submitted_reply(case)
    if said and standing.drafted_by_id:
        draft = Draft(
            case_id=case, officer_id=standing.drafted_by_id, place=REPLY_DRAFT, saved_at=at,
            disposition=standing.disposition or "", **said.typed,
        )  # fmt: skip
        Draft.objects.bulk_create([draft], ignore_conflicts=True)


def _build_approved_reply(
    case: UUID, standing: CaseState, actor: Actor, happened: EventType
) -> tuple[Change, ComposedReply]:
    """What waits goes out word for word, its parts and its files with it."""
    _require_other_writer(case, actor)
    said = get_submitted_reply(case)
    if said is None:
        raise NotPossibleNow(standing.state)
    data: dict[str, Any] = {
        "disposition": str(standing.disposition), "by": actor.officer_id, "drafted_by": standing.drafted_by_id,
        **said.data,
    }  # fmt: skip
    data |= build_entity_data(standing)
    submitted = Event.objects.filter(case=case, kind=EventType.REPLY_SUBMITTED).order_by("-seq")
    files = Attachment.objects.filter(case=case, seq=submitted.values("seq")[:1], shown=False)
    if keys := files.values_list("pk", flat=True):
        data["shown"] = sorted(str(key) for key in keys)
    return Change(happened, data, {"answer": said.text, **said.parts}), said


def _require_other_writer(case: UUID, actor: Actor) -> None:
    journal = Event.objects.filter(case=case).order_by("-seq").values_list("kind", "data__by")
    if actor.officer_id in list_reply_writers((EventType(kind), by) for kind, by in journal):
        raise NotAllowed(_OWN_REPLY)


def _validate_disposition(standing: CaseState, disposition: Disposition) -> None:
    if disposition not in DISPOSITIONS_BY_KIND[standing.kind]:
        raise InvalidInput(FieldError("disposition", _INVALID_DISPOSITION))


def _discard_sent_draft(seq: int, case: UUID, actor: Actor) -> int:
    """The draft has become a fact."""
    Draft.objects.filter(case=case, officer=actor.officer_id or 0, place=REPLY_DRAFT).delete()
    return seq
