"""Commands of the assistant: answer a message, delete a conversation, erase expired ones."""

from .erasure import delete_conversation, erase_expired_conversations
from .incoming_messages import get_or_create_conversation, handle_gated_message, handle_message

__all__ = [
    "delete_conversation",
    "erase_expired_conversations",
    "get_or_create_conversation",
    "handle_gated_message",
    "handle_message",
]
