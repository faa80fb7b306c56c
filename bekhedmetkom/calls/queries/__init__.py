"""What is asked of calls."""

from .console import (
    Back,
    InHand,
    back_of,
    backs_waiting,
    call_of,
    hint_of,
    in_hand,
    line_of,
    opened_case,
    ringing,
    unclaimed,
)  # fmt: skip
from .figures import Day, backs_done, day_of

__all__ = [
    "Back", "Day", "InHand", "back_of", "backs_done", "backs_waiting", "call_of", "day_of",
    "hint_of", "in_hand", "line_of", "opened_case", "ringing", "unclaimed",
]  # fmt: skip
