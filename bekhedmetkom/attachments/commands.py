"""Taking a file in, and forgetting those that nobody used."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID, uuid4

import puremagic
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum

from . import rules, store
from .cleaner import cleaned, workshop
from .models import Upload
from .rules import FileRefused, Format, MediaType, TryAgain
from .scanning import scan

HEAD = 4096  # bytes by which a file's type is told
PIECE = 256 * 1024
FULL_FOR = 600  # seconds until it is worth trying again
A_LITTLE_LATER = timedelta(hours=1)  # a case that is taking a file just as it expires gets it

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it is kept: cleaned, perhaps of another type than was sent. `size` in bytes."""

    id: UUID
    name: str
    media_type: MediaType
    size: int
    expires_at: datetime


def receive(*, name: str, content: Path, at: datetime) -> Received:
    """Check, clean and keep one uploaded file; `name` is a label and decides nothing.

    Raises `FileRefused` with the sentence for its sender, or `TryAgain` where the platform is busy, full or blind.
    """
    kind = _format(content)
    _refuse_when_full()
    scan(content)
    with cleaned(content, kind) as (clean, media_type):
        size, digest = _measured(clean)
        if size > rules.MOST_BYTES:
            raise FileRefused(rules.TOO_LARGE_INSIDE)
        row = Upload(
            id=uuid4(), name=rules.clean_name(name, media_type), media_type=str(media_type), size=size, sha256=digest,
            received_at=at, expires_at=at + rules.WAITS,
        )  # fmt: skip
        row.save(
            force_insert=True
        )  # before the bytes: whatever fails in between, the row expires and they with it
        try:
            store.keep(row.id, clean)
        except OSError:
            log.exception("a file could not be stored")
            raise TryAgain(rules.FULL, FULL_FOR) from None
    return Received(row.id, row.name, media_type, size, row.expires_at)


def receive_bytes(*, name: str, content: bytes, at: datetime) -> Received:
    """The same for what came otherwise than as a file: in a letter, or fetched from where somebody said it lies."""
    with NamedTemporaryFile(dir=workshop()) as file:
        file.write(content)
        file.flush()
        return receive(name=name, content=Path(file.name), at=at)


def discard(files: Iterable[UUID]) -> None:
    """Delete uploads that their sender took back, before any case has them. What a case has stays."""
    with transaction.atomic():
        _delete(Upload.objects.filter(pk__in=list(files)))


def expire(at: datetime, *, most: int = 200) -> int:
    """Delete uploads that no case took in time; returns how many. Again, or late: the rest."""
    with transaction.atomic():
        return _delete(Upload.objects.filter(expires_at__lt=at - A_LITTLE_LATER).order_by("expires_at"), most)


def _delete(rows: QuerySet[Upload], most: int = rules.MOST_FILES) -> int:
    """Rows and bytes. A crash in between leaves rows, and the next time deletes again."""
    gone = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
    for file in gone:
        store.remove(file)
    Upload.objects.filter(pk__in=gone).delete()
    return len(gone)


def _format(content: Path) -> Format:
    size = content.stat().st_size
    if size == 0:
        raise FileRefused(rules.EMPTY)
    if size > rules.MOST_BYTES:
        raise FileRefused(rules.TOO_BIG)
    with content.open("rb") as opened:
        head = opened.read(HEAD)
    kind = rules.format_of(head)
    if kind is None:
        raise FileRefused(rules.why_refused(_likely(head)))
    return kind


def _likely(head: bytes) -> frozenset[str]:
    """What an unknown file looks like, only to say the right sentence."""
    try:
        return frozenset(match.extension for match in puremagic.magic_string(head))
    except puremagic.PureError:
        return frozenset()


def _refuse_when_full() -> None:
    """Whoever sends files without cases cannot fill the disk: only so many bytes may wait at once."""
    waiting = Upload.objects.aggregate(bytes=Sum("size"))["bytes"] or 0
    if waiting > settings.UPLOADS_WAITING_BYTES:
        raise TryAgain(rules.FULL, FULL_FOR)


def _measured(file: Path) -> tuple[int, str]:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while piece := content.read(PIECE):
            digest.update(piece)
    return file.stat().st_size, digest.hexdigest()
