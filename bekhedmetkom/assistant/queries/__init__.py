"""What doors show of a talk."""

from .conversation import CitizenConversation, CitizenLine, find_conversation, get_greeting

__all__ = ["CitizenConversation", "CitizenLine", "find_conversation", "get_greeting"]
