"""A case's files, for whoever sees the case."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bekhedmetkom.attachments.rules import FILE_CATEGORIES, FileCategory, MediaType

from ...models import Attachment, Case


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One file: `seq` is the event with which it came, `size` in bytes, `shown` whether the citizen sees it."""

    id: UUID
    seq: int
    name: str
    media_type: MediaType
    size: int
    received_at: datetime
    from_citizen: bool
    shown: bool

    @property
    def sort(self) -> FileCategory:
        return FILE_CATEGORIES[self.media_type]


FILE_COLUMNS = ("id", "seq", "name", "media_type", "size", "received_at", "from_citizen", "shown")


def list_citizen_files(case: Case) -> list[CaseFile]:
    """For the one who brought the case: their own, and what officers let them see."""
    rows = Attachment.objects.filter(case=case, shown=True).order_by("seq", "received_at", "pk")
    return [build_case_file(*row) for row in rows.values_list(*FILE_COLUMNS)]


def build_case_file(
    key: UUID, seq: int, name: str, media_type: str, size: int, received_at: datetime, from_citizen: bool, shown: bool
) -> CaseFile:  # fmt: skip
    """From the columns `ATTACHED`."""
    return CaseFile(key, seq, name, MediaType(media_type), size, received_at, from_citizen, shown)
