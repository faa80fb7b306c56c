"""A body's own server of GeoReport v2, as real as theirs: it keeps what it is sent, and fails in each way they do."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

API_KEY = "key-of-theirs"
XML_ITEM_NAMES = {"services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute",
          "values": "value"}  # fmt: skip


@dataclass
class GeoReportServer(ThreadingHTTPServer):
    """`fails`: how the next POSTs or GETs go wrong, one after the other, before or after it has taken what it got."""

    daemon_threads = True
    request_queue_size = 50
    posts: list[dict[str, str]] = field(default_factory=list)
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    fails: dict[str, list[str]] = field(default_factory=lambda: {"POST": [], "GET": []})
    format: str = ""  # whatever is asked for
    shows: bool = True  # what it has to everybody
    tokens: bool = False  # gives a number only later
    lists: bool = True  # knows several numbers in one question
    given: bool = True  # the number for a token
    stop: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/open311/v2"

    def moves(self, id: str, status: str, notes: str | None = None) -> None:
        self.requests[id] |= {"status": status, "status_notes": notes}

    def handle_error(self, request: Any, client_address: Any) -> None: ...


class _Handler(BaseHTTPRequestHandler):
    server: GeoReportServer

    def do_GET(self) -> None:
        path, query = self._path()
        self.server.asked.append(self.path)
        if self._fails_before("GET"):
            return
        match path.split("/"):
            case ["services"]:
                self._say("services", [
                    {"service_code": "001", "service_name": "Potholes", "metadata": True, "group": "Streets"},
                    {"service_code": "002", "service_name": "حاويات", "metadata": False, "group": None},
                ])  # fmt: skip
            case ["services", code]:
                asked = [{"code": "SIZE", "required": True, "variable": True, "datatype": "string"}]
                self._say("service_definition", {"service_code": code, "attributes": asked})
            case ["requests"] if "service_request_id" in query:
                if not self.server.lists:
                    self._refuse(400, "service_request_id")
                    return
                ids = query["service_request_id"].split(",")
                self._say("service_requests", [self.server.requests[id] for id in ids if self._shown(id)])
            case ["requests"]:
                self._say(
                    "service_requests", [one for id, one in self.server.requests.items() if self._shown(id)]
                )
            case ["requests", id] if self._shown(id):
                self._say("service_requests", [self.server.requests[id]])
            case ["tokens", token] if token in self.server.requests:
                number = {"service_request_id": token} if self.server.given else {}
                self._say("service_requests", [{"token": token} | number])
            case _:
                self._refuse(404, "not found")

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
        form = dict(parse_qsl(sent.decode(), keep_blank_values=True))
        if self._fails_before("POST"):
            return
        self.server.posts.append(form)
        if form.pop("api_key", "") != API_KEY:
            self._refuse(403, "bad api_key")
            return
        id = str(1000 + len(self.server.requests))
        self.server.requests[id] = {
            "service_request_id": id, "status": "open", "status_notes": None, "service_code": form["service_code"],
            "description": form["description"], "lat": float(form.get("lat", 0)),
        }  # fmt: skip
        if not self._fails_after():
            said = {"token": id} if self.server.tokens else {"service_request_id": id, "account_id": None}
            self._say("service_requests", [said])

    def _path(self) -> tuple[str, dict[str, str]]:
        split = urlsplit(self.path)
        assert split.path.startswith("/open311/v2/")
        path, _, self.asked_format = split.path.removeprefix("/open311/v2/").rpartition(".")
        return path, {name: values[0] for name, values in parse_qs(split.query).items()}

    def _shown(self, id: str) -> bool:
        return self.server.shows and id in self.server.requests

    def _fails_before(self, method: str) -> bool:
        """Before it has taken anything."""
        if not self.server.fails[method] or self.server.fails[method][0] in FAILURES_AFTER_SAVING:
            return False
        match self.server.fails[method].pop(0):
            case "hangs":
                self.server.stop.wait(5)
            case "cuts":
                self.connection.shutdown(socket.SHUT_RDWR)
            case "redirects":
                self.send_response(302)
                self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
                self.end_headers()
            case "html":
                self._send(200, b"<html><body>Welcome!<br></body></html>", "text/html")
            case "broken":
                self._send(200, b'[{"service_request_id": "1', "application/json")
            case "bomb":
                self._send(200, b'<!DOCTYPE x [<!ENTITY a "aaaa">]><services>&a;</services>', "text/xml")
            case "huge":
                self._send(200, b"[" + b" " * (9 * 1024 * 1024) + b"]", "application/json")
            case "no in a 200":
                self._say("errors", [{"code": 400, "description": "no such ward"}])
            case status:
                self._refuse(int(status), f"it is {status}")
        return True

    def _fails_after(self) -> bool:
        """What was sent is there, and its sender is not told."""
        if not self.server.fails["POST"] or self.server.fails["POST"][0] not in FAILURES_AFTER_SAVING:
            return False
        match self.server.fails["POST"].pop(0):
            case "taken, then cut":
                self.connection.shutdown(socket.SHUT_RDWR)
            case "taken, then silent":
                self.server.stop.wait(5)
            case "taken, then 500":
                self._refuse(500, "oops")
            case "taken, then nonsense":
                self._send(200, b"Thank you!", "text/plain")
            case _:
                self._say("service_requests", [{"account_id": None}])
        return True

    def _refuse(self, status: int, why: str) -> None:
        self._say("errors", [{"code": status, "description": why}], status)

    def _say(self, name: str, value: Any, status: int = 200) -> None:
        if (self.server.format or self.asked_format_of()) == "json":
            self._send(status, json.dumps(value).encode(), "application/json; charset=utf-8")
        else:
            root = Element(name)
            _fill_element(root, value)
            self._send(
                status, tostring(root, encoding="utf-8", xml_declaration=True), "text/xml; charset=utf-8"
            )

    def asked_format_of(self) -> str:
        return urlsplit(self.path).path.rpartition(".")[2]

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


FAILURES_AFTER_SAVING = (
    "taken, then cut",
    "taken, then silent",
    "taken, then 500",
    "taken, then nonsense",
    "taken, then nothing",
)


def _fill_element(element: Element, value: Any) -> None:
    match value:
        case None:
            return
        case dict():
            for name, inner in value.items():
                _fill_element(SubElement(element, name), inner)
        case list():
            for inner in value:
                _fill_element(SubElement(element, XML_ITEM_NAMES[element.tag]), inner)
        case _:
            element.text = str(value).lower() if isinstance(value, bool) else str(value)


@contextmanager
def run_georeport_server() -> Iterator[GeoReportServer]:
    server = GeoReportServer()
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.stop.set()
        server.shutdown()
        server.server_close()
