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


def all_of(case: Case) -> list[Attached]:
    """For officers who have the case."""
    rows = Attachment.objects.filter(case=case).order_by("seq", "received_at", "pk")
    return [
        Attached(
            row.id,
            row.seq,
            row.name,
            MediaType(row.media_type),
            row.size,
            row.received_at,
            row.from_citizen,
            row.shown,
        )
        for row in rows
    ]


def shown_to_citizen(case: Case) -> list[Attached]:
    """For the one who brought the case: their own, and what officers let them see."""
    return [file for file in all_of(case) if file.shown]
