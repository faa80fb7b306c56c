"""Connections on which next to nothing moves are cut.

A request holds one of the process's threads until its body is there, and the server waits for it without end: as many
senders who stall as there are threads would hold up everybody. The kernel knows how many bytes each connection has
moved; nothing is noted of who it is.
"""

import os
import socket
import struct
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import NamedTuple

EVERY_SECONDS = 2
SECONDS = 45  # longer than anybody waits in line (disclosures/line.py); who came first is cut first
LEAST = 16 * 1024  # bytes in that time, either way
_BYTES_AT = struct.Struct("120xQQ")  # of struct tcp_info: acknowledged by them, received from them


class Moved(NamedTuple):
    """How much a connection had moved at a moment."""

    at: float
    bytes: int


def start() -> None:
    """Begin; it ends with the process."""
    Thread(target=_watch, name="stalled", daemon=True).start()


def _watch() -> None:
    never, seen = Event(), dict[int, Moved]()
    while not never.wait(EVERY_SECONDS):
        seen = look(seen, monotonic())


def look(before: dict[int, Moved], now: float) -> dict[int, Moved]:
    """Cut what has stood still since `before`; what there is to compare with the next time."""
    seen: dict[int, Moved] = {}
    try:
        connections = _copies_of_sockets()
    except OSError:  # not one descriptor is left to look with: again when one is, and the watch goes on
        return before
    ours = {
        one.getsockname()[1] for one in connections if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    }
    for connection in connections:
        with connection, suppress(OSError):
            if (
                connection.getpeername() and connection.getsockname()[1] in ours
            ):  # a listening one has no peer
                number = os.fstat(connection.fileno()).st_ino
                moved = sum(
                    _BYTES_AT.unpack_from(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256))
                )
                last = before.get(number, Moved(now, moved))
                if moved - last.bytes >= LEAST:
                    last = Moved(now, moved)
                if now - last.at >= SECONDS:
                    connection.shutdown(socket.SHUT_RDWR)
                seen[number] = last
    return seen


def _copies_of_sockets() -> list[socket.socket]:
    """Of this process's TCP sockets: what is closed meanwhile and its number given to another file harms nothing."""
    copies = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if str(descriptor.readlink()).startswith("socket:"):
                copy = socket.socket(fileno=os.dup(int(descriptor.name)))
                if copy.family in (socket.AF_INET, socket.AF_INET6) and copy.type == socket.SOCK_STREAM:
                    copies.append(copy)
                else:
                    copy.close()
    return copies
