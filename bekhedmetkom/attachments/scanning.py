"""An optional look by a virus scanner: ClamAV's daemon, over its socket (`CLAMAV_SOCKET`)."""

import socket
import struct
from pathlib import Path

from django.conf import settings

from . import rules
from .rules import FileRefused, TryAgain

SECONDS = 20
PIECE = 64 * 1024
AGAIN_AFTER = 60


def scan(file: Path) -> None:
    """Nothing when no scanner is set up or it finds nothing; `FileRefused` when it does.

    Who set up a scanner wants no file past it: while it is down or answers strangely, `TryAgain`.
    """
    if not settings.CLAMAV_SOCKET:
        return
    try:
        with _connected(settings.CLAMAV_SOCKET) as clamd:
            verdict = _verdict(clamd, file)
    except OSError:
        raise TryAgain(rules.NOT_SCANNED, AGAIN_AFTER) from None
    if verdict.endswith(b"FOUND"):
        raise FileRefused(rules.INFECTED)
    if verdict != b"stream: OK":
        raise TryAgain(rules.NOT_SCANNED, AGAIN_AFTER)


def _connected(where: str) -> socket.socket:
    """A path is a Unix socket; anything else is `host:port`."""
    if where.startswith("/"):
        clamd = socket.socket(socket.AF_UNIX)
        clamd.settimeout(SECONDS)
        clamd.connect(where)
        return clamd
    host, _, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), SECONDS)


def _verdict(clamd: socket.socket, file: Path) -> bytes:
    clamd.sendall(b"zINSTREAM\0")
    with file.open("rb") as content:
        while piece := content.read(PIECE):
            clamd.sendall(struct.pack(">I", len(piece)) + piece)
    clamd.sendall(struct.pack(">I", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 1000 and (more := clamd.recv(1000)):
        answer += more
    return answer.rstrip(b"\0\n")
