"""Intake of webhook posts: corruption check in memory, then the database, or a spool folder while that is slow.

Meta disables a slow webhook, so the database has 50 ms. What it has not taken by then is written encrypted to a folder
and loaded by the worker. A post that arrives both ways is stored once, by its key.
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

from bekhedmetkom.cases.commands.text_validation import clean_text
from bekhedmetkom.language.corruption import detect_corruption

from ..encryption import compute_person_key, decrypt, encrypt
from ..models import Echo, Event
from ..rules.webhook_parser import IncomingEvent, has_valid_signature, iterate_texts, parse_webhook

DATABASE_TIMEOUT_SECONDS = 0.05  # for the insert
SPOOLING_SECONDS = 5.0  # after a timeout the database is not tried for this time
DATABASE_THREADS = 4

log = logging.getLogger(__name__)
_database_pool = ThreadPoolExecutor(DATABASE_THREADS, thread_name_prefix="messenger")
_spooling_until = [0.0]


class InvalidSignature(Exception):
    """The post was not signed by Meta."""


def accept_webhook(*, raw: bytes, signature: str, at: datetime) -> None:
    """Store the events of a post. Raises `InvalidSignature`; signed events that cannot be read are counted."""
    if not has_valid_signature(raw, signature, settings.MESSENGER_APP_SECRET):
        raise InvalidSignature
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        log.warning("a post of Messenger was no JSON: %s bytes", len(raw))
        return
    events, unreadable_count, echoes = parse_webhook(body, at)
    if unreadable_count:
        log.warning("%s parts of a post of Messenger could not be read", unreadable_count)
    rows = [_build_row(event, at) for event in events]
    if rows or echoes:
        _store_rows([*rows, *({"echo": saying, "came_at": at.isoformat()} for saying in echoes)])


def load_spooled_posts() -> int:
    """Load spooled posts into the database; return how many."""
    done = 0
    for file in sorted(_get_spool_folder().glob("*.sealed")):
        try:
            rows = decrypt(file.read_bytes())
        except (CryptoError, ValueError):
            log.exception("a post of Messenger that was kept cannot be opened: %s", file.name)
            file.rename(file.with_suffix(".unreadable_count"))
            continue
        _insert_rows(rows)
        file.unlink()
        done += 1
    return done


def _build_row(one: IncomingEvent, at: datetime) -> dict[str, Any]:
    """Return an event's row; of a text about corruption nothing is kept but whom to answer."""
    gated = any(detect_corruption(clean_text(text)) for text in iterate_texts(one.item) if text)
    item = {"sender": {"id": one.psid}, **({} if gated else one.item)}
    moments = {"at": one.at.isoformat(), "came_at": at.isoformat(), "not_before": at.isoformat()}
    return {"key": one.key, "gated": gated, "psid": one.psid, "item": item, **moments}


def _store_rows(rows: Sequence[dict[str, Any]]) -> None:
    if time.monotonic() < _spooling_until[0]:
        _spool_rows(rows)
        return
    task = _database_pool.submit(_insert_and_disconnect, rows)
    try:
        task.result(timeout=DATABASE_TIMEOUT_SECONDS)
    except Exception as error:  # every failure must keep the events
        task.cancel()
        _spooling_until[0] = time.monotonic() + SPOOLING_SECONDS
        log.warning("what Messenger posted was kept beside the database (%s)", type(error).__name__)
        _spool_rows(rows)


def _insert_and_disconnect(rows: Sequence[dict[str, Any]]) -> None:
    try:
        _insert_rows(rows)
    finally:
        connection.close()


def _insert_rows(rows: Sequence[dict[str, Any]]) -> None:
    Event.objects.bulk_create(
        [
            Event(
                key=row["key"],
                person=compute_person_key(row["psid"]),
                item=encrypt(row["item"]),
                gated=row["gated"],
                **{name: datetime.fromisoformat(row[name]) for name in ("at", "came_at", "not_before")},
            )
            for row in rows
            if "key" in row
        ],
        ignore_conflicts=True,
    )
    Echo.objects.bulk_create(
        [
            Echo(saying=row["echo"], came_at=datetime.fromisoformat(row["came_at"]))
            for row in rows
            if "echo" in row
        ],
        ignore_conflicts=True,
    )


def _spool_rows(rows: Sequence[dict[str, Any]]) -> None:
    """Write the rows to disk and flush them before the post is answered."""
    folder = _get_spool_folder()
    name = f"{time.time_ns():020d}-{uuid4().hex}"
    being_written = folder / f"{name}.part"
    with os.fdopen(os.open(being_written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(encrypt(list(rows)))
        file.flush()
        os.fsync(file.fileno())
    being_written.rename(folder / f"{name}.sealed")
    there = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(there)
    finally:
        os.close(there)


def _get_spool_folder() -> Path:
    folder: Path = settings.BK_HOME / "messenger"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
