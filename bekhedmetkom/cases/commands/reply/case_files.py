"""What officers do with a case's files: let the citizen see them, write down what a recording says."""

from datetime import datetime
from uuid import UUID

from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from ...journal import Change, record
from ...models import Attachment
from ...rules.case_state import CaseState
from ...rules.states import EventType
from ...rules.transitions import NotPossibleNow
from ..permission_check import require_permission
from ..text_validation import validate_text

_FILE_NOT_FOUND = BilingualText(
    "ليس في الطلب ملف كهذا أضافه موظف.", "The case has no such file that an officer added."
)
_NO_RECORDING = BilingualText(
    "لا رسالة صوتية في هذا الطلب تنتظر التفريغ.", "No voice message of this case waits to be written down."
)


def set_file_visibility(
    *, case: UUID, seen: int, actor: Actor, at: datetime, file: UUID, shown: bool = True
) -> int:
    """Let the citizen see a file that an officer added, or no longer."""

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.SHOW, standing)
        row = Attachment.objects.filter(pk=file, case=case, from_citizen=False).first()
        if row is None:
            raise InvalidInput(FieldError("file", _FILE_NOT_FOUND))
        happened, key = (EventType.FILE_SHOWN, "shown") if shown else (EventType.FILE_HIDDEN, "hidden")
        return Change(happened, {"by": actor.officer_id, key: [str(file)]})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def transcribe_recording(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str) -> int:
    """Write down what the recording says that stands for the case's text. The recording stays beside it."""
    text = validate_text("text", text)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.TRANSCRIBE, standing)
        if not standing.voice:
            raise NotPossibleNow(standing.state, _NO_RECORDING)
        return Change(EventType.TRANSCRIBED, {"by": actor.officer_id}, {"transcript": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)
