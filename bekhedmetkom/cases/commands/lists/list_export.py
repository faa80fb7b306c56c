"""A list leaves the platform as a sheet: what is in it is nobody's alone any more, so who took it is written down."""

from datetime import datetime
from typing import Any

from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.actor import Actor

EXPORT_MODEL = "desk.export"  # as the history of changes names it


def record_export(*, what: dict[str, Any], rows: int, actor: Actor, at: datetime) -> None:
    """Write down that an officer took a list along, before it is handed out; `what`: which, without any words typed."""
    ChangeRecord.objects.create(
        at=at, actor=str(actor), model=EXPORT_MODEL, key=actor.id, before=None, after=what | {"rows": rows}
    )
