"""What doors show of a talk."""

from .talk import SeenLine, SeenTalk, greeting, talk_of

__all__ = ["SeenLine", "SeenTalk", "greeting", "talk_of"]
