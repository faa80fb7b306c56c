"""Log lines that help to mend a fault and tell nothing of the people whose requests met it."""

import logging
import traceback
from types import TracebackType


class WithoutPeople(logging.Formatter):
    """Writes an exception's kind and the places it passed, not its message: that may quote what was sent."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kind, _, trace = ei
        places = "".join(traceback.format_tb(trace)).rstrip()
        return f"{places}\n{kind.__module__}.{kind.__qualname__}" if kind else places
