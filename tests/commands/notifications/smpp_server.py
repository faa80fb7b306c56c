"""A short message centre on this machine that speaks SMPP 3.4, written from the standard and not from our client."""

import socketserver
import struct
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from threading import Lock

BIND, SUBMIT, DELIVER, UNBIND, ENQUIRE = 0x09, 0x04, 0x05, 0x06, 0x15
RESPONSE_FLAG = 0x80000000
OK, THROTTLED, BAD_NUMBER, QUEUE_FULL, SYSTEM_ERROR = 0, 0x58, 0x0B, 0x14, 0x08
PAYLOAD_TAG = 0x0424  # message_payload


@dataclass(frozen=True)
class SubmittedPart:
    """One submit_sm as it came."""

    source: str
    to: str
    esm_class: int
    coding: int
    registered: int
    octets: bytes
    message_id: str

    @property
    def header(self) -> bytes:
        return self.octets[:6] if self.esm_class & 0x40 else b""

    @property
    def text(self) -> str:
        octets = self.octets[len(self.header) :]
        return octets.decode("utf-16-be") if self.coding == 8 else octets.decode("latin-1")


class SmppServer(socketserver.ThreadingTCPServer):
    """`says` is asked for the status of each submit_sm; `before_answering` may send receipts, or `Drop` the link."""

    daemon_threads = allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _SmppSession)
        self.taken: list[SubmittedPart] = []
        self.bound: list[tuple[str, str]] = []
        self.acknowledged: list[int] = []
        self.says: Callable[[], int] = lambda: OK
        self.silent = False
        self.before_answering: Callable[[str], None] = lambda message_id: None
        self.refuses_bind = False
        self.link: _SmppSession | None = None
        self.ids = count(1)

    @property
    def url(self) -> str:
        return f"smpp://platform:secret@127.0.0.1:{self.server_address[1]}"

    def receipt(self, message_id: str, stat: str, *, in_fields: bool = False) -> None:
        """Send a delivery receipt over the link that is bound now."""
        assert self.link
        self.link.deliver(message_id, stat, in_fields=in_fields)

    def text(self, said: str, number: str = "962791234567") -> None:
        """Send what a person wrote from a telephone."""
        assert self.link
        octets = said.encode("utf-16-be")
        head = (
            b"\0" + b"\1\1" + number.encode() + b"\0" + b"\5\0SENDER\0" + b"\0\0\0" + b"\0\0" + b"\0\0\10\0"
        )
        self.link.send(DELIVER, OK, next(self.link.numbers), head + bytes([len(octets)]) + octets)


class DroppedLink(Exception):
    """Close the link without a word."""


class _SmppSession(socketserver.StreamRequestHandler):
    server: SmppServer

    def setup(self) -> None:
        super().setup()
        self.lock = Lock()
        self.numbers = count(1)

    def handle(self) -> None:
        try:
            while header := self.rfile.read(16):
                length, command, _, sequence = struct.unpack(">LLLL", header)
                self.on(command, sequence, self.rfile.read(length - 16))
        except (DroppedLink, OSError, struct.error):
            return

    def on(self, command: int, sequence: int, body: bytes) -> None:
        match command:
            case 0x09:
                system, password = body.split(b"\0")[:2]
                self.server.bound.append((system.decode(), password.decode()))
                if self.server.refuses_bind:
                    self.send(command | RESPONSE_FLAG, 0x0E, sequence, b"")
                else:
                    self.server.link = self
                    self.send(command | RESPONSE_FLAG, OK, sequence, b"smsc\0")
            case 0x04:
                self.submitted(sequence, body)
            case 0x06:
                self.send(command | RESPONSE_FLAG, OK, sequence, b"")
                raise DroppedLink
            case 0x15:
                self.send(command | RESPONSE_FLAG, OK, sequence, b"")
            case 0x80000005:
                self.server.acknowledged.append(sequence)

    def submitted(self, sequence: int, body: bytes) -> None:
        status = self.server.says()
        if status != OK:
            self.send(SUBMIT | RESPONSE_FLAG, status, sequence, b"")
            return
        message = _parse_submit(body, f"{next(self.server.ids):08x}")
        self.server.taken.append(message)
        if self.server.silent:
            return
        self.server.before_answering(message.message_id)
        self.send(SUBMIT | RESPONSE_FLAG, OK, sequence, message.message_id.encode() + b"\0")

    def deliver(self, message_id: str, stat: str, *, in_fields: bool) -> None:
        states = {"DELIVRD": 2, "EXPIRED": 3, "UNDELIV": 5, "ACCEPTD": 6, "REJECTD": 8}
        text = (
            b"" if in_fields else f"id:{message_id} sub:001 dlvrd:001 submit date:2611241200 done date:2611241201 "
            f"stat:{stat} err:000 text:".encode()
        )  # fmt: skip
        fields = b""
        if in_fields:
            name = message_id.encode() + b"\0"
            fields = (
                struct.pack(">HH", 0x001E, len(name)) + name + struct.pack(">HHB", 0x0427, 1, states[stat])
            )
        body = b"\0" + b"\1\1962791234567\0" + b"\5\0SENDER\0" + b"\4\0\0" + b"\0\0" + b"\0\0\0\0"
        self.send(DELIVER, OK, next(self.numbers), body + bytes([len(text)]) + text + fields)

    def send(self, command: int, status: int, sequence: int, body: bytes) -> None:
        with self.lock:
            self.wfile.write(struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body)


def _parse_submit(body: bytes, message_id: str) -> SubmittedPart:
    """SMPP 3.4, 4.4.1."""
    _, rest = body.split(b"\0", 1)
    source, rest = rest[2:].split(b"\0", 1)
    to, rest = rest[2:].split(b"\0", 1)
    esm_class, rest = rest[0], rest[3:]
    _, rest = rest.split(b"\0", 1)
    _, rest = rest.split(b"\0", 1)
    registered, coding, length, rest = rest[0], rest[2], rest[4], rest[5:]
    octets, fields = rest[:length], rest[length:]
    while fields:
        tag, size = struct.unpack(">HH", fields[:4])
        if tag == PAYLOAD_TAG:
            octets = fields[4 : 4 + size]
        fields = fields[4 + size :]
    return SubmittedPart(source.decode(), to.decode(), esm_class, coding, registered, octets, message_id)
