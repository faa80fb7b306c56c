"""A message comes in: the talk moves on, perhaps a case is taken in, and what is said goes back to the door."""

from .erasure import delete_conversation, erase_expired_conversations
from .incoming_messages import get_or_create_conversation, handle_gated_message, handle_message

__all__ = [
    "delete_conversation",
    "erase_expired_conversations",
    "get_or_create_conversation",
    "handle_gated_message",
    "handle_message",
]
