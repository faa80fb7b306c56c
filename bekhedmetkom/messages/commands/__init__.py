"""What is done with messages: telling a code, sending what is due, hearing what became of it, wording a template."""

from ..rules.codes import CodePurpose
from .again import NotToBeSentAgain, send_again
from .bounces import take_in_bounce
from .codes import tell_code
from .receipts import forget_receipts, report, report_own
from .sending import send_due
from .stopping import stop_telling
from .wording import reword

__all__ = [
    "CodePurpose", "NotToBeSentAgain", "forget_receipts", "report", "report_own", "reword", "send_again", "send_due",
    "stop_telling", "take_in_bounce", "tell_code",
]  # fmt: skip
