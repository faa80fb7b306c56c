"""What can be asked of the box."""

from .answers import Said, Talk, answer, outer_key, part_of, talk_of
from .commission import outer_key_for

__all__ = ["Said", "Talk", "answer", "outer_key", "outer_key_for", "part_of", "talk_of"]
