"""Receives and cleans uploads; deletes those that no case used."""

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

from . import rules, storage
from .cleaner_process import clean_file, get_work_folder
from .models import Upload
from .rules import FileRefused, Format, MediaType, TemporaryFailure
from .virus_scan import scan_file

SIGNATURE_BYTES = 4096  # bytes by which a file's type is told
CHUNK_SIZE = 256 * 1024
FULL_RETRY_SECONDS = 600  # seconds until it is worth trying again
EXPIRY_GRACE = timedelta(hours=1)  # a case that is taking a file just as it expires gets it

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file as it is kept: cleaned, perhaps of another type than was sent. `size` in bytes."""

    id: UUID
    name: str
    media_type: MediaType
    size: int
    expires_at: datetime


def receive_file(*, name: str, content: Path, at: datetime) -> ReceivedFile:
    """Check, clean and keep one uploaded file; `name` is a label and decides nothing.

    Raises `FileRefused` with the sentence for its sender, or `TryAgain` where the platform is busy, full or blind.
    """
    kind = _detect_file_format(content)
    _check_capacity()
    scan_file(content)
    with clean_file(content, kind) as (clean, media_type):
        size, digest = _measure_file(clean)
        if size > rules.MAX_FILE_BYTES:
            raise FileRefused(rules.TOO_LARGE_INSIDE)
        row = Upload(
            id=uuid4(), name=rules.clean_name(name, media_type), media_type=str(media_type), size=size, sha256=digest,
            received_at=at, expires_at=at + rules.UPLOAD_LIFETIME,
        )  # fmt: skip
        row.save(
            force_insert=True
        )  # before the bytes: whatever fails in between, the row expires and they with it
        try:
            storage.save_file(row.id, clean)
        except OSError:
            log.exception("a file could not be stored")
            raise TemporaryFailure(rules.FULL, FULL_RETRY_SECONDS) from None
    return ReceivedFile(row.id, row.name, media_type, size, row.expires_at)


def receive_bytes(*, name: str, content: bytes, at: datetime) -> ReceivedFile:
    """The same for what came otherwise than as a file: in a letter, or fetched from where somebody said it lies."""
    with NamedTemporaryFile(dir=get_work_folder()) as file:
        file.write(content)
        file.flush()
        return receive_file(name=name, content=Path(file.name), at=at)


def discard_uploads(files: Iterable[UUID]) -> None:
    """Delete uploads that their sender took back, before any case has them. What a case has stays."""
    with transaction.atomic():
        _delete_uploads(Upload.objects.filter(pk__in=list(files)))


def delete_expired_uploads(at: datetime, *, most: int = 200) -> int:
    """Delete uploads that no case took in time; returns how many. Again, or late: the rest."""
    with transaction.atomic():
        return _delete_uploads(
            Upload.objects.filter(expires_at__lt=at - EXPIRY_GRACE).order_by("expires_at"), most
        )


def _delete_uploads(rows: QuerySet[Upload], most: int = rules.MAX_FILES) -> int:
    """Rows and bytes. A crash in between leaves rows, and the next time deletes again."""
    gone = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
    for file in gone:
        storage.delete_file(file)
    Upload.objects.filter(pk__in=gone).delete()
    return len(gone)


def _detect_file_format(content: Path) -> Format:
    size = content.stat().st_size
    if size == 0:
        raise FileRefused(rules.EMPTY)
    if size > rules.MAX_FILE_BYTES:
        raise FileRefused(rules.TOO_BIG)
    with content.open("rb") as opened:
        head = opened.read(SIGNATURE_BYTES)
    kind = rules.detect_format(head)
    if kind is None:
        raise FileRefused(rules.get_refusal_message(_guess_extensions(head)))
    return kind


def _guess_extensions(head: bytes) -> frozenset[str]:
    """What an unknown file looks like, only to say the right sentence."""
    try:
        return frozenset(match.extension for match in puremagic.magic_string(head))
    except puremagic.PureError:
        return frozenset()


def _check_capacity() -> None:
    """Whoever sends files without cases cannot fill the disk: only so many bytes may wait at once."""
    waiting = Upload.objects.aggregate(bytes=Sum("size"))["bytes"] or 0
    if waiting > settings.UPLOADS_WAITING_BYTES:
        raise TemporaryFailure(rules.FULL, FULL_RETRY_SECONDS)


def _measure_file(file: Path) -> tuple[int, str]:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while piece := content.read(CHUNK_SIZE):
            digest.update(piece)
    return file.stat().st_size, digest.hexdigest()
