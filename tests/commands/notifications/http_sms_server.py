"""An SMS gateway on this machine that takes JSON over HTTP, and does to a caller whatever a test wants."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Event
from typing import Any


class HttpSmsServer(ThreadingHTTPServer):
    """Takes messages; `answers` is asked for status, headers and body, and may drop the link instead."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: Callable[[], tuple[int, dict[str, str], object]] = self.accept
        self.over = Event()  # for an answer that never comes
        self._ids = count(1)

    def server_close(self) -> None:
        self.over.set()
        super().server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sms"

    def accept(self) -> tuple[int, dict[str, str], object]:
        return 202, {}, {"id": f"http-{next(self._ids)}"}

    def says(self, status: int, body: object = None, **headers: str) -> None:
        answer = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers = lambda: (status, answer, body)


class DroppedLink(Exception):
    """The gateway is gone before it has answered."""


class _Request(BaseHTTPRequestHandler):
    server: HttpSmsServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append(body)
        self.server.headers.append(dict(self.headers))
        try:
            status, headers, answer = self.server.answers()
        except DroppedLink:
            self.close_connection = True
            return
        said = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(said))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""
