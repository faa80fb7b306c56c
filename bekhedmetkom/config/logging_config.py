"""Log lines that help to mend a fault and tell nothing of the people whose requests met it."""

import logging
import traceback
from types import TracebackType
from typing import Any


class PrivacyFormatter(logging.Formatter):
    """Writes an exception's kind and the places it passed, not its message: that may quote what was sent."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kind, _, trace = ei
        places = "".join(traceback.format_tb(trace)).rstrip()
        return f"{places}\n{kind.__module__}.{kind.__qualname__}" if kind else places


# What happened and where, never the values that people sent
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "bekhedmetkom.config.logging_config.PrivacyFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "bekhedmetkom": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # The access log has each refusal, without what people wrote in it.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # a line each: who scans would fill the disk
    },
}
