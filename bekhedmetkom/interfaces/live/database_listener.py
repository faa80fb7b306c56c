"""PostgreSQL connection of the live process that listens for new updates."""

import asyncio
import logging

import psycopg
from django.db import connection
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import TupleRow

from bekhedmetkom.live.commands import NOTIFY_CHANNEL
from bekhedmetkom.live.queries import NEWEST_SQL, NEXT_SQL, LiveUpdate

from .hub import MAX_REMEMBERED, Hub

POLL_SECONDS = 2.0  # seconds: a word that got lost costs no more
RECONNECT_SECONDS = 1.0

log = logging.getLogger(__name__)


async def listen_for_updates(hub: Hub, ready: asyncio.Event) -> None:
    """For ever: read on from the last row whenever there is a word, and come back when the database does."""
    while True:
        try:
            async with await _connect() as link:
                await link.execute(f"LISTEN {NOTIFY_CHANNEL}".encode())
                await _load_newest(link, hub)
                ready.set()
                while True:
                    await _load_next(link, hub)
                    async for _word in link.notifies(timeout=POLL_SECONDS, stop_after=1):
                        pass
        except (psycopg.Error, OSError) as problem:
            log.warning("the database is away: %s", type(problem).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)


async def _connect() -> AsyncConnection[TupleRow]:
    """Connect with Django's parameters, asynchronously and with JSON decoded."""
    given = {
        name: value
        for name, value in connection.get_connection_params().items()
        if name not in ("context", "cursor_factory", "prepare_threshold", "server_side_binding", "pool")
    }
    return await AsyncConnection.connect(**given, autocommit=True, cursor_factory=AsyncCursor)


async def _load_newest(link: AsyncConnection[TupleRow], hub: Hub) -> None:
    if not hub.position:
        rows = await (await link.execute(NEWEST_SQL, [MAX_REMEMBERED])).fetchall()
        hub.publish([LiveUpdate.from_row(*row) for row in rows])


async def _load_next(link: AsyncConnection[TupleRow], hub: Hub) -> None:
    while rows := await (await link.execute(NEXT_SQL, [hub.position, MAX_REMEMBERED])).fetchall():
        hub.publish([LiveUpdate.from_row(*row) for row in rows])
