"""An officer writes down a case for somebody who stands at the counter, or who wrote a letter.

It is the same intake as everybody's. Who registers a case has no more right over it than before.
"""

from dataclasses import replace
from datetime import date, datetime

from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ...rules.access import has_permission_anywhere
from ...rules.channels import MAX_LETTER_AGE, PaperChannel, is_possible_receipt_day
from ..text_validation import validate_text
from .schemas import Submission, SubmissionResult
from .submission import submit_case

_DATE_REQUIRED = BilingualText("اكتب يوم وصول الرسالة.", "Write down the day on which the letter came.")
_DATE_OUT_OF_RANGE = BilingualText(
    f"يوم الوصول اليوم أو قبله، وليس قبل أكثر من {MAX_LETTER_AGE.days} يومًا.",
    f"The letter came today or earlier, and no more than {MAX_LETTER_AGE.days} days ago.",
)
_WRITER_ABSENT = BilingualText(
    "صاحب الرسالة ليس هنا ليختار. لا تُسجّل رسالته هنا.",
    "The writer is not here to choose: do not register the letter here.",
)


def register_case(
    *, submission: Submission, paper: PaperChannel, came_on: date | None, key: str, actor: Actor, at: datetime
) -> SubmissionResult:
    """Take a case in for somebody else; `came_on` is the day of a letter. Sent again under its key: the same case.

    Raises what `submit` does. Only whoever stands there can choose to go on past the gate: a letter's writer cannot.
    """
    if not has_permission_anywhere(actor, Permission.REGISTER):
        raise NotAllowed
    validate_text("text", submission.text)  # a scan alone is read by nobody: not by routing, not by the gate
    if paper is PaperChannel.COUNTER:
        came_on = None
    elif came_on is None:
        raise InvalidInput(FieldError("came_on", _DATE_REQUIRED))
    elif not is_possible_receipt_day(came_on, at):
        raise InvalidInput(FieldError("came_on", _DATE_OUT_OF_RANGE))
    elif submission.gate_declined:
        raise InvalidInput(FieldError("gate_declined", _WRITER_ABSENT))
    return submit_case(
        submission=replace(submission, came_on=came_on), channel=str(paper), client=f"desk {actor}", key=key,
        actor=actor, at=at,
    )  # fmt: skip
