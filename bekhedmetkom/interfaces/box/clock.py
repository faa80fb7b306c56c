"""The box keeps time by itself: a thread of its process looks each minute what is due."""

import logging
from threading import Event, Thread

from django.db import connection

from bekhedmetkom.disclosures.commands import work
from bekhedmetkom.kernel.clock import now

EVERY_SECONDS = 60


def start() -> None:
    """Begin; it ends with the process."""
    Thread(target=_keep_time, name="clock", daemon=True).start()


def _keep_time() -> None:
    never = Event()
    while not never.wait(EVERY_SECONDS):
        try:
            work(now())
        except Exception:  # tried again in a minute
            logging.getLogger("box").exception("the clock")
        finally:
            connection.close()
