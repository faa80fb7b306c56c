"""The worker process: followers of the journal beside Procrastinate's jobs, until it is told to stop."""

import logging
from threading import Event, Thread

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from bekhedmetkom.cases import feed

LOOK_SECONDS = 0.2
JOBS_AT_ONCE = 4
STOP_SECONDS = 8

log = logging.getLogger(__name__)


def work() -> None:
    """Follow and run jobs until SIGTERM or SIGINT; a job or a batch that has begun is brought to its end."""
    stop = Event()
    following = Thread(target=_follow, args=(stop,), name="followers")
    following.start()
    try:
        assert isinstance(app.connector, DjangoConnector)
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            worker.run_worker(
                concurrency=JOBS_AT_ONCE, delete_jobs="successful", shutdown_graceful_timeout=STOP_SECONDS
            )
    finally:
        stop.set()
        following.join()


def _follow(stop: Event) -> None:
    """A follower that failed is tried again at the next look: its cursor has not moved."""
    while not stop.wait(LOOK_SECONDS):
        try:
            feed.run_once()
        except Exception:
            log.exception("a follower failed")
        finally:
            connection.close()  # back to the pool
