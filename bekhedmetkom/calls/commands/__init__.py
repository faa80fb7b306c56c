"""What is done with calls: heard from the exchange, taken, talked, called back."""

from ..queries.hands import NotHeld, NotProven, NotYours
from .back import next_back, spoke, tried
from .holding import code_for, open_of_number, open_with_code, prove_number, sit_at, take, wrap_up
from .proving import Sent, back_code_for, open_back, prove_back
from .talking import add_words, appeal_for, forget_draft, hear_word, keep_draft, take_down
from .telephone import forget_callers, hear_event

__all__ = [
    "NotHeld", "NotProven", "NotYours", "Sent", "add_words", "appeal_for", "back_code_for", "code_for",
    "forget_callers", "forget_draft", "hear_event", "hear_word", "keep_draft", "next_back", "open_back",
    "open_of_number", "open_with_code", "prove_back", "prove_number", "sit_at", "spoke", "take", "take_down",
    "tried", "wrap_up",
]  # fmt: skip
