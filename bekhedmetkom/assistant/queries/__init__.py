"""Conversations as interfaces show them."""

from .conversation import CitizenConversation, CitizenLine, find_conversation, get_greeting

__all__ = ["CitizenConversation", "CitizenLine", "find_conversation", "get_greeting"]
