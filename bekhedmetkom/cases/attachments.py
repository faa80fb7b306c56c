"""Files of a case: uploads that wait become the case's own, in the transaction of the event with which they come.

The event names them by id, size, type and SHA-256; what somebody called a file lies in `case_attachment` alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from bekhedmetkom.attachments.queries import PendingUpload, list_pending_uploads
from bekhedmetkom.attachments.rules import GONE, MAX_FILES, TOO_MANY
from bekhedmetkom.kernel.errors import FieldError, InvalidInput


class UploadNotFound(InvalidInput):
    """A file is not there any more: too old, used before, or never ours."""

    def __init__(self) -> None:
        super().__init__(FieldError("uploads", GONE))


def find_uploads(files: Sequence[UUID], at: datetime) -> list[PendingUpload]:
    """The uploads with these ids, all of them. Raises `FilesGone`, or `Invalid` where they are too many."""
    if len(files) > MAX_FILES:
        raise InvalidInput(FieldError("uploads", TOO_MANY))
    found = list_pending_uploads(files, at)
    if len(found) != len(files):
        raise UploadNotFound
    return found


def require_file_room(cursor: CursorWrapper, case: UUID, *, from_citizen: bool, more: int) -> None:
    """`Invalid` where the case has no room for so many more; asked under the case's lock."""
    cursor.execute(COUNT_FILES_SQL, [case, from_citizen])
    if cursor.fetchone()[0] + more > MAX_FILES:
        raise InvalidInput(FieldError("uploads", TOO_MANY))


def build_file_data(files: Sequence[PendingUpload]) -> dict[str, Any]:
    """What an event keeps of the files that came with it."""
    if not files:
        return {}
    return {
        "files": [
            {"id": str(file.id), "type": str(file.media_type), "size": file.size, "sha256": file.sha256}
            for file in files
        ]
    }


def claim_uploads(
    cursor: CursorWrapper,
    case: UUID,
    seq: int,
    files: Sequence[PendingUpload],
    *,
    from_citizen: bool,
    shown: bool,
) -> None:
    """Make them the case's. Two who race for one upload: one gets it, for the other it is gone."""
    ids = [file.id for file in files]
    cursor.execute(
        CLAIM_UPLOADS_SQL,
        {"case": case, "seq": seq, "files": ids, "from_citizen": from_citizen, "shown": shown},
    )
    if cursor.rowcount != len(ids):
        raise UploadNotFound


def update_file_visibility(cursor: CursorWrapper, case: UUID, data: Mapping[str, Any]) -> None:
    """What an event shows to the citizen, or hides again."""
    for key, shown in (("shown", True), ("hidden", False)):
        if files := data.get(key):
            cursor.execute(UPDATE_VISIBILITY_SQL, [shown, case, [UUID(file) for file in files]])


COUNT_FILES_SQL = "SELECT count(*) FROM case_attachment WHERE case_id = %s AND from_citizen = %s"

CLAIM_UPLOADS_SQL = """
WITH taken AS (DELETE FROM upload WHERE id = ANY (%(files)s)
               RETURNING id, name, media_type, size, sha256, received_at)
INSERT INTO case_attachment (id, case_id, seq, name, media_type, size, sha256, received_at, from_citizen, shown)
SELECT id, %(case)s, %(seq)s, name, media_type, size, sha256, received_at, %(from_citizen)s, %(shown)s FROM taken
"""

UPDATE_VISIBILITY_SQL = "UPDATE case_attachment SET shown = %s WHERE case_id = %s AND id = ANY (%s)"
