"""The one connection of this process on which PostgreSQL says that there is something to tell."""

import asyncio
import logging

import psycopg
from django.db import connection
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import TupleRow

from bekhedmetkom.live.commands import CHANNEL
from bekhedmetkom.live.queries import NEWEST, NEXT, News

from .hub import REMEMBERED, Hub

AT_LEAST_EVERY = 2.0  # seconds: a word that got lost costs no more
AGAIN_SECONDS = 1.0

log = logging.getLogger(__name__)


async def listen(hub: Hub, ready: asyncio.Event) -> None:
    """For ever: read on from the last row whenever there is a word, and come back when the database does."""
    while True:
        try:
            async with await _connected() as link:
                await link.execute(f"LISTEN {CHANNEL}".encode())
                await _begin(link, hub)
                ready.set()
                while True:
                    await _read_on(link, hub)
                    async for _word in link.notifies(timeout=AT_LEAST_EVERY, stop_after=1):
                        pass
        except (psycopg.Error, OSError) as problem:
            log.warning("the database is away: %s", type(problem).__name__)
            await asyncio.sleep(AGAIN_SECONDS)


async def _connected() -> AsyncConnection[TupleRow]:
    """As Django reaches the database, but in this thread, and with JSON read."""
    given = {
        name: value
        for name, value in connection.get_connection_params().items()
        if name not in ("context", "cursor_factory", "prepare_threshold", "server_side_binding", "pool")
    }
    return await AsyncConnection.connect(**given, autocommit=True, cursor_factory=AsyncCursor)


async def _begin(link: AsyncConnection[TupleRow], hub: Hub) -> None:
    if not hub.position:
        rows = await (await link.execute(NEWEST, [REMEMBERED])).fetchall()
        hub.hear([News.of(*row) for row in rows])


async def _read_on(link: AsyncConnection[TupleRow], hub: Hub) -> None:
    while rows := await (await link.execute(NEXT, [hub.position, REMEMBERED])).fetchall():
        hub.hear([News.of(*row) for row in rows])
