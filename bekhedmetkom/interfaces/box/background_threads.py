"""Connections on which next to nothing moves are cut.

A request holds one of the process's threads until its body is there, and the server waits for it without end: as many
senders who stall as there are threads would hold up everybody. The kernel knows how many bytes each connection has
moved; nothing is noted of who it is.
"""

import logging
import os
import socket
import struct
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import NamedTuple

from django.db import connection

from bekhedmetkom.disclosures.commands import run_due_jobs
from bekhedmetkom.kernel.clock import now

SCHEDULER_SECONDS = 60
WATCH_SECONDS = 2
STALL_SECONDS = (
    45  # longer than anybody waits in line (disclosures/derivation_queue.py); who came first is cut first
)
MIN_BYTES = 16 * 1024  # bytes in that time, either way
_TCP_INFO_BYTES = struct.Struct("120xQQ")  # of struct tcp_info: acknowledged by them, received from them


class TrafficSample(NamedTuple):
    """How much a connection had moved at a moment."""

    at: float
    bytes: int


def start_connection_watch() -> None:
    """Begin; it ends with the process."""
    Thread(target=_watch_connections, name="stalled", daemon=True).start()


def _watch_connections() -> None:
    never, samples = Event(), dict[int, TrafficSample]()
    while not never.wait(WATCH_SECONDS):
        samples = cut_stalled_connections(samples, monotonic())


def cut_stalled_connections(samples: dict[int, TrafficSample], at: float) -> dict[int, TrafficSample]:
    """Cut what has stood still since `before`; what there is to compare with the next time."""
    seen: dict[int, TrafficSample] = {}
    try:
        sockets = _duplicate_sockets()
    except OSError:  # not one descriptor is left to look with: again when one is, and the watch goes on
        return samples
    listening_ports = {
        sock.getsockname()[1] for sock in sockets if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    }
    for sock in sockets:
        with sock, suppress(OSError):
            # getpeername raises for a listening socket: it has no peer
            if sock.getpeername() and sock.getsockname()[1] in listening_ports:
                number = os.fstat(sock.fileno()).st_ino
                tcp_info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
                moved = sum(_TCP_INFO_BYTES.unpack_from(tcp_info))
                last = samples.get(number, TrafficSample(at, moved))
                if moved - last.bytes >= MIN_BYTES:
                    last = TrafficSample(at, moved)
                if at - last.at >= STALL_SECONDS:
                    sock.shutdown(socket.SHUT_RDWR)
                seen[number] = last
    return seen


def _duplicate_sockets() -> list[socket.socket]:
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


def start_scheduler() -> None:
    """Begin; it ends with the process."""
    Thread(target=_run_scheduler, name="clock", daemon=True).start()


def _run_scheduler() -> None:
    never = Event()
    while not never.wait(SCHEDULER_SECONDS):
        try:
            run_due_jobs(now())
        except Exception:  # tried again in a minute
            logging.getLogger("box").exception("scheduled jobs failed")
        finally:
            connection.close()
