"""Finding problems, and what people say and do about them."""

from .counting import count_people
from .deciding import Moved, confirm, dismiss, fixed, move, refuse, reword
from .linking import link, link_many
from .looking import look, look_around
from .tracing import forget_traces, keep_traces, make_up

__all__ = [
    "Moved", "confirm", "count_people", "dismiss", "fixed", "forget_traces", "keep_traces", "link", "link_many", "look",
    "look_around", "make_up", "move", "refuse", "reword",
]  # fmt: skip
