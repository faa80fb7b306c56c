"""Taking in what the webhook posts: through the gate in memory, then into the database, or beside it while it is slow.

Meta waits for its answer and turns a webhook off that is slow. So the database has a twentieth of a second; what it has
not taken by then is written, sealed, into a folder, and comes into the database by the worker. What comes both ways
is one: its key is.
"""

import json
import logging
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from nacl.exceptions import CryptoError

from bekhedmetkom.cases.commands.wording import cleaned
from bekhedmetkom.language.gate import speaks_of_corruption

from ..models import Echo, Event
from ..rules.reading import Arrived, is_signed, read, words
from ..sealing import opened, person_key, sealed

PATIENCE = 0.05  # seconds that the database has
BESIDE = 5.0  # seconds in which it is not asked again after it had them
AT_ONCE = 4

log = logging.getLogger(__name__)
_database = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="messenger")
_slow_until = [0.0]


class NotSigned(Exception):
    """What came is not Meta's, or was changed on its way."""


def take_in(*, raw: bytes, signature: str, at: datetime) -> None:
    """Keep what this post brings of what was said. Raises `NotSigned`; what is signed and cannot be read is counted."""
    if not is_signed(raw, signature, settings.MESSENGER_APP_SECRET):
        raise NotSigned
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        log.warning("a post of Messenger was no JSON: %s bytes", len(raw))
        return
    arrived, odd, echoes = read(body, at)
    if odd:
        log.warning("%s parts of a post of Messenger could not be read", odd)
    rows = [_row(one, at) for one in arrived]
    if rows or echoes:
        _keep([*rows, *({"echo": saying, "came_at": at.isoformat()} for saying in echoes)])


def take_in_kept() -> int:
    """What was written beside the database, into it; returns how many posts that were."""
    done = 0
    for file in sorted(_folder().glob("*.sealed")):
        try:
            rows = opened(file.read_bytes())
        except (CryptoError, ValueError):
            log.exception("a post of Messenger that was kept cannot be opened: %s", file.name)
            file.rename(file.with_suffix(".odd"))
            continue
        _insert(rows)
        file.unlink()
        done += 1
    return done


def _row(one: Arrived, at: datetime) -> dict[str, Any]:
    """Of what the gate turns away nothing is kept but its name, and until that is said, whom to tell."""
    gated = any(speaks_of_corruption(cleaned(text)) for text in words(one.item) if text)
    item = {"sender": {"id": one.psid}, **({} if gated else one.item)}
    moments = {"at": one.at.isoformat(), "came_at": at.isoformat(), "not_before": at.isoformat()}
    return {"key": one.key, "gated": gated, "psid": one.psid, "item": item, **moments}


def _keep(rows: Sequence[dict[str, Any]]) -> None:
    if time.monotonic() < _slow_until[0]:
        _beside(rows)
        return
    task = _database.submit(_insert_and_let_go, rows)
    try:
        task.result(timeout=PATIENCE)
    except Exception as error:  # whatever it is, they are kept
        task.cancel()
        _slow_until[0] = time.monotonic() + BESIDE
        log.warning("what Messenger posted was kept beside the database (%s)", type(error).__name__)
        _beside(rows)


def _insert_and_let_go(rows: Sequence[dict[str, Any]]) -> None:
    try:
        _insert(rows)
    finally:
        connection.close()


def _insert(rows: Sequence[dict[str, Any]]) -> None:
    Event.objects.bulk_create(
        [
            Event(
                key=row["key"], person=person_key(row["psid"]), item=sealed(row["item"]), gated=row["gated"],
                **{name: datetime.fromisoformat(row[name]) for name in ("at", "came_at", "not_before")},
            )
            for row in rows if "key" in row
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    Echo.objects.bulk_create(
        [
            Echo(saying=row["echo"], came_at=datetime.fromisoformat(row["came_at"]))
            for row in rows
            if "echo" in row
        ],
        ignore_conflicts=True,
    )


def _beside(rows: Sequence[dict[str, Any]]) -> None:
    """On the disk for certain before it is answered."""
    folder = _folder()
    name = f"{time.time_ns():020d}-{uuid4().hex}"
    being_written = folder / f"{name}.part"
    with os.fdopen(os.open(being_written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed(list(rows)))
        file.flush()
        os.fsync(file.fileno())
    being_written.rename(folder / f"{name}.sealed")
    there = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(there)
    finally:
        os.close(there)


def _folder() -> Path:
    folder: Path = settings.BK_HOME / "messenger"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
