"""Background threads of the box process: scheduled jobs and the watch on stalled connections.

A request holds one of the server's threads until its body has arrived, with no time limit. Enough stalled
clients would block everybody, so connections on which almost nothing moves are cut. The kernel counts each
connection's bytes; no addresses are recorded.
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
STALL_SECONDS = 45  # longer than the wait in disclosures/derivation_queue.py
MIN_BYTES = 16 * 1024  # in that time, in both directions
_TCP_INFO_BYTES = struct.Struct("120xQQ")  # struct tcp_info: bytes acked, bytes received


class TrafficSample(NamedTuple):
    """How many bytes a connection had moved at a moment."""

    at: float
    bytes: int


def start_connection_watch() -> None:
    """Start the thread that cuts stalled connections; it ends with the process."""
    Thread(target=_watch_connections, name="stalled", daemon=True).start()


def _watch_connections() -> None:
    never, samples = Event(), dict[int, TrafficSample]()
    while not never.wait(WATCH_SECONDS):
        samples = cut_stalled_connections(samples, monotonic())


def cut_stalled_connections(samples: dict[int, TrafficSample], at: float) -> dict[int, TrafficSample]:
    """Cut connections that stalled since `samples` and return the new samples."""
    seen: dict[int, TrafficSample] = {}
    try:
        sockets = _duplicate_sockets()
    except OSError:  # no descriptor is free: try again later
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
    """Duplicate this process's TCP sockets, so that closing one meanwhile is harmless."""
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
    """Start the thread that runs due jobs every minute; it ends with the process."""
    Thread(target=_run_scheduler, name="clock", daemon=True).start()


def _run_scheduler() -> None:
    never = Event()
    while not never.wait(SCHEDULER_SECONDS):
        try:
            run_due_jobs(now())
        except Exception:  # retried in a minute
            logging.getLogger("box").exception("scheduled jobs failed")
        finally:
            connection.close()
