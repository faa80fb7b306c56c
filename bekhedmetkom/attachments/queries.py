"""Queries of pending uploads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .models import Upload
from .rules import FILE_CATEGORIES, FileCategory, MediaType


@dataclass(frozen=True, slots=True)
class PendingUpload:
    """A file that was received and that no case has yet; `size` in bytes."""

    id: UUID
    name: str
    media_type: MediaType
    size: int
    sha256: str

    @property
    def category(self) -> FileCategory:
        return FILE_CATEGORIES[self.media_type]


def list_pending_uploads(files: Sequence[UUID], at: datetime) -> list[PendingUpload]:
    """Those of these uploads that can still be used, in the order in which they were received."""
    if not files:
        return []
    rows = Upload.objects.filter(pk__in=files, expires_at__gt=at).order_by("received_at", "pk")
    return [PendingUpload(row.id, row.name, MediaType(row.media_type), row.size, row.sha256) for row in rows]
