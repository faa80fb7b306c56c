"""What is done with Messenger: taking in what it posts, saying what is to be said, and setting the page up."""

from .fetching import files_of
from .profile import set_up, subscribe
from .receiving import NotSigned, take_in, take_in_kept
from .saying import say, send_due
from .working import claim, forget_worked, given_up, later, open_again, worked

__all__ = [
    "NotSigned", "claim", "files_of", "forget_worked", "given_up", "later", "open_again", "say", "send_due", "set_up",
    "subscribe", "take_in", "take_in_kept", "worked",
]  # fmt: skip
