"""What is done with messages: telling a code, sending what is due, wording a template anew."""

from ..rules.codes import CodePurpose
from .codes import tell_code
from .sending import send_due
from .wording import reword

__all__ = ["CodePurpose", "reword", "send_due", "tell_code"]
