"""What doors show of a talk."""

from .talk import SeenLine, SeenTalk, greeting, person_of, talk_of

__all__ = ["SeenLine", "SeenTalk", "greeting", "person_of", "talk_of"]
