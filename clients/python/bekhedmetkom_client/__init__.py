"""A typed client of Bekhedmetkom's API."""

from .api import Client
from .transport import Problem, new_key

__all__ = ["Client", "Problem", "new_key"]
