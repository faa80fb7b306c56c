"""A file that waits for its case, as `attachments.commands.receive` leaves it; what is in it matters elsewhere."""

import hashlib
from uuid import UUID, uuid4

from bekhedmetkom.attachments.models import Upload

from .personas import HOUR, NOON


def create_upload(media_type: str = "image/jpeg", name: str = "بيت سامر.jpg") -> UUID:
    row = Upload.objects.create(
        id=uuid4(), name=name, media_type=media_type, size=1234, sha256=hashlib.sha256(name.encode()).hexdigest(),
        received_at=NOON - HOUR, expires_at=NOON + 36 * HOUR,
    )  # fmt: skip
    return row.pk
