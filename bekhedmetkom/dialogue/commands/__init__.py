"""A message comes in: the talk moves on, perhaps a case is taken in, and what is said goes back to the door."""

from .forgetting import forget, leave
from .hearing import conversation_of, hear, hear_gated

__all__ = ["conversation_of", "forget", "hear", "hear_gated", "leave"]
