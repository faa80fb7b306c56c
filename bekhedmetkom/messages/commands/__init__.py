"""What is done with messages: telling a code, sending what is due, hearing what became of it, wording a template."""

from ..rules.codes import CodePurpose
from .again import NotToBeSentAgain, send_again
from .answering import forget_arrivals
from .bounces import take_in_bounce
from .codes import tell_code
from .gathering import gather, tell_mornings
from .hearing import choose, forget_old_news, see, see_case
from .letters import take_in_letter
from .messenger import answer_by_messenger, heard_from, resume_messenger
from .pushing import end_pushing, subscribe
from .receipts import forget_receipts, report, report_own
from .sending import send_due
from .sms_replies import hear_sms
from .stopping import stop_telling
from .telling import tell_lines
from .wording import reword

__all__ = [
    "CodePurpose", "NotToBeSentAgain", "answer_by_messenger", "choose", "end_pushing", "forget_arrivals",
    "forget_old_news", "forget_receipts", "gather", "hear_sms", "heard_from", "report", "report_own",
    "resume_messenger", "reword", "see", "see_case", "send_again", "send_due", "stop_telling", "subscribe",
    "take_in_bounce", "take_in_letter", "tell_code", "tell_lines", "tell_mornings",
]  # fmt: skip
