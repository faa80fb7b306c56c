"""An officer writes down a case for somebody who stands at the counter, or who wrote a letter.

It is the same intake as everybody's. Who registers a case has no more right over it than before.
"""

from dataclasses import replace
from datetime import date, datetime

from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ..rules.access import holds
from ..rules.receiving import OLDEST, Paper, may_have_come
from .intake import submit
from .submission import Submission, Submitted
from .wording import worded

_WHEN = BilingualText("اكتب يوم وصول الرسالة.", "Write down the day on which the letter came.")
_NOT_SO = BilingualText(
    f"يوم الوصول اليوم أو قبله، وليس قبل أكثر من {OLDEST.days} يومًا.",
    f"The letter came today or earlier, and no more than {OLDEST.days} days ago.",
)
_NOT_THEIRS_TO_SAY = BilingualText(
    "صاحب الرسالة ليس هنا ليختار. لا تُسجّل رسالته هنا.",
    "The writer is not here to choose: do not register the letter here.",
)


def register(
    *, submission: Submission, paper: Paper, came_on: date | None, key: str, actor: Actor, at: datetime
) -> Submitted:
    """Take a case in for somebody else; `came_on` is the day of a letter. Sent again under its key: the same case.

    Raises what `submit` does. Only whoever stands there can choose to go on past the gate: a letter's writer cannot.
    """
    if not holds(actor, Permission.REGISTER):
        raise NotAllowed
    worded("text", submission.text)  # a scan alone is read by nobody: not by routing, not by the gate
    if paper is Paper.COUNTER:
        came_on = None
    elif came_on is None:
        raise InvalidInput(FieldError("came_on", _WHEN))
    elif not may_have_come(came_on, at):
        raise InvalidInput(FieldError("came_on", _NOT_SO))
    elif submission.gate_declined:
        raise InvalidInput(FieldError("gate_declined", _NOT_THEIRS_TO_SAY))
    return submit(
        submission=replace(submission, came_on=came_on), channel=str(paper), client=f"desk {actor}", key=key,
        actor=actor, at=at,
    )  # fmt: skip
