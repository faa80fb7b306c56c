"""What of a case everybody may read: its citizen agrees, the desk says it in words of its own; either ends it."""

from datetime import datetime
from uuid import UUID

from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from ..journal import Change, record
from ..models import Particulars
from ..rules.case_state import CaseState
from ..rules.publication import can_be_published, contains_personal_data
from ..rules.states import ANSWERED_STATES, EventType
from ..rules.transitions import NotPossibleNow
from .permission_check import require_citizen, require_permission
from .text_validation import check_corruption_gate, validate_text

_NOT_PUBLISHABLE = BilingualText(
    "لا يُعرض هذا الطلب للعموم: لم يوافق صاحبه، أو لا يسمح موضوعه، أو فيه شكوى من شخص.",
    "This case is not for everybody: its citizen has not agreed, its topic does not allow it, or it complains of "
    "somebody.",
)
_NOT_PUBLISHED = BilingualText("ليس الطلب معروضًا للعموم.", "The case is not shown to everybody.")
_CONTAINS_PERSONAL_DATA = BilingualText(
    "احذف من النص الأسماء وأرقام الهواتف والهويات وعناوين البريد: سيقرؤه كل الناس.",
    "Leave out names, telephone and identity numbers and e-mail addresses: everybody will read this.",
)
_NOT_ANSWERED = BilingualText("لم يُجب عن الطلب بعد.", "The case has not been answered yet.")


def publish_case(
    *, case: UUID, seen: int, actor: Actor, at: datetime, text: str = "", answer: str = "", shown: bool = True
) -> int:
    """Show a case to everybody in these words, or (`shown` false) no longer. What names somebody is refused.

    `answer`: what was answered, for everybody who asks the same; in words of the desk's too.
    """
    text = check_corruption_gate(validate_text("text", text, limit=1000, required=shown), declined=False)
    answer = check_corruption_gate(
        validate_text("answer", answer, limit=2000, required=False), declined=False
    )

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.RELEASE, standing)
        if not shown:
            if not standing.released:
                raise NotPossibleNow(standing.state, _NOT_PUBLISHED)
            return Change(EventType.TAKEN_DOWN, {"by": actor.officer_id})
        who = Particulars.objects.get(pk=case)
        topic = get_service(standing.service_id) if standing.service_id else None
        complains = bool(who.about_employee or who.about_unit)
        if not can_be_published(standing) or complains or topic is None or not topic.public:
            raise NotPossibleNow(standing.state, _NOT_PUBLISHABLE)
        if contains_personal_data(text, who.name, who.for_name):
            raise InvalidInput(FieldError("text", _CONTAINS_PERSONAL_DATA))
        if answer and standing.state not in ANSWERED_STATES:
            raise InvalidInput(FieldError("answer", _NOT_ANSWERED))
        if contains_personal_data(answer, who.name, who.for_name):
            raise InvalidInput(FieldError("answer", _CONTAINS_PERSONAL_DATA))
        said = {"public": text, **({"public_answer": answer} if answer else {})}
        return Change(EventType.RELEASED, {"by": actor.officer_id}, said)

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def keep_case_private(*, case: UUID, seen: int | None, actor: Actor, at: datetime) -> int:
    """The citizen agrees no longer: it is shown to nobody from now on."""

    def decide(standing: CaseState) -> Change:
        require_citizen(actor, standing)
        if not standing.agreed:
            raise NotPossibleNow(standing.state, _NOT_PUBLISHED)
        return Change(EventType.KEPT_PRIVATE)

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)
