"""Subscribing, and handing over what is due; bodies' own systems that speak Open311."""

from .connecting import connect, end_connection, found_there, match, offered, topics_of
from .connecting import send_again as forward_again
from .exchanging import exchange_due
from .sending import forget_taken, send_again, send_all_again, send_due
from .subscribing import Subscribed, end, new_secret, subscribe

__all__ = [
    "Subscribed", "connect", "end", "end_connection", "exchange_due", "forget_taken", "forward_again", "found_there",
    "match", "new_secret", "offered", "send_again", "send_all_again", "send_due", "subscribe", "topics_of",
]  # fmt: skip
