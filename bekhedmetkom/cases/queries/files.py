"""A case's files, for whoever sees the case."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bekhedmetkom.attachments.rules import SORTS, MediaType, Sort

from ..models import Attachment, Case


@dataclass(frozen=True, slots=True)
class Attached:
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
    def sort(self) -> Sort:
        return SORTS[self.media_type]


ATTACHED = ("id", "seq", "name", "media_type", "size", "received_at", "from_citizen", "shown")


def shown_to_citizen(case: Case) -> list[Attached]:
    """For the one who brought the case: their own, and what officers let them see."""
    rows = Attachment.objects.filter(case=case, shown=True).order_by("seq", "received_at", "pk")
    return [attached(*row) for row in rows.values_list(*ATTACHED)]


def attached(
    key: UUID, seq: int, name: str, media_type: str, size: int, received_at: datetime, from_citizen: bool, shown: bool
) -> Attached:  # fmt: skip
    """From the columns `ATTACHED`."""
    return Attached(key, seq, name, MediaType(media_type), size, received_at, from_citizen, shown)
