"""Worker process: event consumers and senders in threads beside Procrastinate's jobs, until SIGTERM."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from threading import Event, Thread, Timer, current_thread

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from bekhedmetkom.assistant.commands.messenger_events import process_messenger_events
from bekhedmetkom.cases import commands, feed
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.messenger import commands as messenger
from bekhedmetkom.notifications.commands import send_due_messages
from bekhedmetkom.notifications.rules.delivery import Channel
from bekhedmetkom.notifications.senders import close_gateways
from bekhedmetkom.problems.commands import detect_or_backfill
from bekhedmetkom.webhooks import commands as webhooks

from .access_code_recovery import answer_recovery_requests

FOLLOW_SECONDS = 0.2
SEND_SECONDS = 1.0
MAX_CONCURRENT_JOBS = 4
WEBHOOK_THREADS = 3
EXCHANGE_THREADS = 2
MESSENGER_THREADS = 3  # a call takes a third of a second there
GRACE_SECONDS = 8  # for jobs that have begun
STOP_SECONDS = 12  # for everything: a database that is gone would be waited for much longer

# Each in a thread of its own: a gateway that is slow holds up nobody else's messages.
LOOPS: Sequence[tuple[str, float, Callable[[], object]]] = (
    ("forgotten codes", SEND_SECONDS, lambda: answer_recovery_requests(now())),
    ("problems", SEND_SECONDS, lambda: detect_or_backfill(now())),
    ("pictures", SEND_SECONDS, lambda: commands.fetch_due_pictures(now())),
    ("sender of push", SEND_SECONDS, lambda: send_due_messages(now(), [Channel.PUSH])),
    ("sender of e-mail", SEND_SECONDS, lambda: send_due_messages(now(), [Channel.EMAIL])),
    ("sender to Messenger", SEND_SECONDS, lambda: send_due_messages(now(), [Channel.MESSENGER])),
    ("sender of SMS", SEND_SECONDS, lambda: send_due_messages(now(), [Channel.SMS])),
    ("hearing Messenger", FOLLOW_SECONDS, lambda: process_messenger_events(now())),
    *(
        (f"talk by Messenger {n}", FOLLOW_SECONDS, lambda: messenger.send_due_messages(now()))
        for n in range(MESSENGER_THREADS)
    ),
    # Several, so that one receiver who takes his time is not waited for by all others.
    *(
        (f"webhooks {n}", SEND_SECONDS, lambda: webhooks.send_due_deliveries(now()))
        for n in range(WEBHOOK_THREADS)
    ),
    *(
        (f"bodies' systems {n}", SEND_SECONDS, lambda: webhooks.run_due_exchanges(now()))
        for n in range(EXCHANGE_THREADS)
    ),
)

log = logging.getLogger(__name__)


def list_loops() -> Sequence[tuple[str, float, Callable[[], object]]]:
    """Return the loops above and one per event consumer, so that a slow or failing one delays no other."""
    following = [
        (f"follower {each.name}", FOLLOW_SECONDS, partial(feed.drain_consumer, each))
        for each in feed.get_consumers()
    ]
    return [*following, *LOOPS]


def run_worker() -> None:
    """Run consumers, senders and jobs until SIGTERM or SIGINT; started work is finished."""
    stop = Event()
    threads = [
        Thread(target=_run_loop, args=(stop, seconds, step), name=name)
        for name, seconds, step in list_loops()
    ]
    for thread in threads:
        thread.start()
    try:
        asyncio.run(_run_jobs())
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        close_gateways()


async def _run_jobs() -> None:
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        async with worker.open_async():
            running = asyncio.create_task(
                worker.run_worker_async(
                    concurrency=MAX_CONCURRENT_JOBS, delete_jobs="successful", install_signal_handlers=False,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                )
            )  # fmt: skip
            for sign in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(sign, _stop_jobs, running)
            with suppress(asyncio.CancelledError):
                await running


def _stop_jobs(running: "asyncio.Task[None]") -> None:
    running.cancel()
    last_resort = Timer(STOP_SECONDS, os._exit, (1,))
    last_resort.daemon = True
    last_resort.start()


def _run_loop(stop: Event, seconds: float, step: Callable[[], object]) -> None:
    """Call the step repeatedly; after a failure it is retried, because its cursor or message has not moved."""
    while not stop.wait(seconds):
        try:
            step()
        except Exception:
            log.exception("%s failed", current_thread().name)
        finally:
            connection.close()  # back to the pool
