"""Subscribing, and handing over what is due."""

from .sending import forget_taken, send_again, send_due
from .subscribing import Subscribed, end, new_secret, subscribe

__all__ = ["Subscribed", "end", "forget_taken", "new_secret", "send_again", "send_due", "subscribe"]
