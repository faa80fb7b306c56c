"""What can be asked of the box."""

from .answers import Said, Talk, answer, part_of, talk_of

__all__ = ["Said", "Talk", "answer", "part_of", "talk_of"]
