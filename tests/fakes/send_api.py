"""A Send API as real as Meta's: it takes calls of the recorded shapes alone, and answers as a test says.

`send_api.json` holds calls and answers as they were recorded.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

RECORDED: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text())
RECORDED_ANSWERS: dict[str, Any] = RECORDED["answers"]
PAGE_ID, PAGE_TOKEN = "682498302938465", "PAGE_ACCESS_TOKEN"
STATUS_BY_ERROR = {"2": 500, "1200": 500, "190": 401, "4": 403, "613": 403}  # else 400
Fault = (
    str | int
)  # a recorded error ("190/None"), a bare status, or "broken": the link breaks after the request


class SendApi(ThreadingHTTPServer):
    """`faults`: what the next calls come to, one each; `slow`: seconds before any answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[dict[str, Any]] = []  # taken
        self.refused: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.faults: list[Fault] = []
        self.delay_seconds = 0.0
        self.token = PAGE_TOKEN
        self.lock = Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def texts(self) -> list[str]:
        """What people read, in order."""
        return [get_text(call["message"]) for call in self.calls if "message" in call]

    def answer(self, path: str, token: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Status and body; `None` where the link breaks."""
        with self.lock:
            self.paths.append(path)
            fault = self.faults.pop(0) if self.faults else None
            if token != self.token:
                fault = "190/None"
            if fault is None and (wrong := find_shape_error(path, body)):
                self.refused.append({"why": wrong, **body})
                return 400, RECORDED_ANSWERS["error 100/None"]
            if fault == "broken":
                return 0, None
            if isinstance(fault, int):
                return fault, None
            if fault is not None:
                self.refused.append(body)
                return STATUS_BY_ERROR.get(fault.partition("/")[0], 400), RECORDED_ANSWERS[f"error {fault}"]
            self.calls.append(body)
            if path.endswith("messenger_profile"):
                return 200, {"result": "success"}
            if path.endswith("subscribed_apps"):
                return 200, {"success": True}
            return 200, {"recipient_id": body["recipient"]["id"], "message_id": f"m_out{len(self.calls)}"}


def get_text(message: dict[str, Any]) -> str:
    return str(message["text"] if "text" in message else message["attachment"]["payload"]["text"])


def find_shape_error(path: str, body: dict[str, Any]) -> str:
    """What Meta would not take, in words."""
    if not path.endswith("/messages"):
        return ""
    message, kind = body.get("message", {}), body.get("messaging_type")
    quick, template = message.get("quick_replies", []), message.get("attachment", {}).get("payload", {})
    checks = {
        "recipient": bool(body.get("recipient", {}).get("id")),
        "type": kind == "RESPONSE" or (kind == "MESSAGE_TAG" and body.get("tag") == "HUMAN_AGENT"),
        "no words": 0 < len(get_text(message)) <= (640 if template else 2000),
        "quick replies": len(quick) <= 13,
        "titles": all(0 < len(one["title"]) <= 20 and len(one["payload"]) <= 1000 for one in quick),
        "buttons": all(0 < len(one["title"]) <= 20 for one in template.get("buttons", [])),
        "number of buttons": len(template.get("buttons", [])) <= 3,
    }
    return next((name for name, right in checks.items() if not right), "")


class _Handler(BaseHTTPRequestHandler):
    server: SendApi

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        url = urlsplit(self.path)
        token = parse_qs(url.query).get("access_token", [""])[0]
        status, answer = self.server.answer(url.path, token, body)
        if self.server.delay_seconds:
            time.sleep(self.server.delay_seconds)
        if not status:
            self.close_connection = True
            return
        said = json.dumps(answer).encode() if answer is not None else b"<html>"
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None: ...


@contextmanager
def send_api(settings: Any) -> Iterator[SendApi]:
    """One that runs, with the settings that lead to it."""
    server = SendApi()
    settings.MESSENGER_API, settings.MESSENGER_PAGE_ID, settings.MESSENGER_PAGE_TOKEN = (
        server.url,
        PAGE_ID,
        PAGE_TOKEN,
    )
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
