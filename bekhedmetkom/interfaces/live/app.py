"""The live process: `/healthz` today; the streams come with what they tell of."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """A plain ASGI application: few paths, many connections that stay open."""
    if scope["type"] == "http":
        await (_plain(send, 200, "ok\n") if scope["path"] == "/healthz" else _plain(send, 404, "not found\n"))


async def _plain(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
