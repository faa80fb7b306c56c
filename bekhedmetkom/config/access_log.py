"""A line for each request that the web process answers: when, what, with which result, in how long.

The path without the query, for a search holds names; and no address, for it is a person's. The server could write the
same, by a dictionary, a date and a log record for each.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from time import localtime, perf_counter, strftime, time
from typing import Any
from urllib.parse import quote

from .concurrency_limit import WsgiApplication

STDOUT_FD = 1


def log_requests(application: WsgiApplication) -> WsgiApplication:
    """The same application; each of its answers is written down once it is there, or once it has begun."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        began, status = perf_counter(), "500"

        def start(said: str, *more: Any) -> Any:
            nonlocal status
            status = said[:3]
            return start_response(said, *more)

        try:
            return application(environ, start)
        finally:
            path, took = _escape_path(environ["PATH_INFO"]), 1000 * (perf_counter() - began)
            line = (
                f"{_format_second(int(time()))} {environ['REQUEST_METHOD']} {path} {status} {took:.0f} ms\n"
            )
            with suppress(OSError):  # a full disk is no reason to answer nobody
                os.write(STDOUT_FD, line.encode())

    return answer


@lru_cache(maxsize=1)
def _format_second(at: int) -> str:
    return strftime("%Y-%m-%d %H:%M:%S %z", localtime(at))


def _escape_path(path: str) -> str:
    """As it came, without what could end the line or look like another."""
    return (
        path
        if path.isascii() and path.isprintable() and " " not in path
        else quote(path.encode("latin-1", "replace"))
    )
