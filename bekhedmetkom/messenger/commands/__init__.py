"""Commands of Messenger: take webhook posts, process events, send messages, set up the page."""

from .event_queue import (
    claim_event,
    complete_event,
    delete_old_events,
    has_no_tries_left,
    lock_claimed_event,
    reschedule_event,
)
from .file_download import fetch_files
from .outgoing_messages import queue_message, send_due_messages
from .profile import set_up_profile, subscribe_webhook
from .webhook_intake import InvalidSignature, accept_webhook, load_spooled_posts

__all__ = [
    "InvalidSignature",
    "accept_webhook",
    "claim_event",
    "complete_event",
    "delete_old_events",
    "fetch_files",
    "has_no_tries_left",
    "load_spooled_posts",
    "lock_claimed_event",
    "queue_message",
    "reschedule_event",
    "send_due_messages",
    "set_up_profile",
    "subscribe_webhook",
]
