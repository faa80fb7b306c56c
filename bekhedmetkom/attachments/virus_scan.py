"""Optional virus scan by ClamAV's daemon over its socket (`CLAMAV_SOCKET`)."""

import socket
import struct
from pathlib import Path

from django.conf import settings

from . import rules
from .rules import FileRefused, TemporaryFailure

TIMEOUT_SECONDS = 20
CHUNK_SIZE = 64 * 1024
RETRY_AFTER_SECONDS = 60


def scan_file(file: Path) -> None:
    """Nothing when no scanner is set up or it finds nothing; `FileRefused` when it does.

    Who set up a scanner wants no file past it: while it is down or answers strangely, `TryAgain`.
    """
    if not settings.CLAMAV_SOCKET:
        return
    try:
        with _connect(settings.CLAMAV_SOCKET) as clamd:
            verdict = _read_verdict(clamd, file)
    except OSError:
        raise TemporaryFailure(rules.NOT_SCANNED, RETRY_AFTER_SECONDS) from None
    if verdict.endswith(b"FOUND"):
        raise FileRefused(rules.INFECTED)
    if verdict != b"stream: OK":
        raise TemporaryFailure(rules.NOT_SCANNED, RETRY_AFTER_SECONDS)


def _connect(where: str) -> socket.socket:
    """A path is a Unix socket; anything else is `host:port`."""
    if where.startswith("/"):
        clamd = socket.socket(socket.AF_UNIX)
        clamd.settimeout(TIMEOUT_SECONDS)
        clamd.connect(where)
        return clamd
    host, _, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), TIMEOUT_SECONDS)


def _read_verdict(clamd: socket.socket, file: Path) -> bytes:
    clamd.sendall(b"zINSTREAM\0")
    with file.open("rb") as content:
        while piece := content.read(CHUNK_SIZE):
            clamd.sendall(struct.pack(">I", len(piece)) + piece)
    clamd.sendall(struct.pack(">I", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 1000 and (more := clamd.recv(1000)):
        answer += more
    return answer.rstrip(b"\0\n")
