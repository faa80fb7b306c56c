"""File uploads in a form: a file input, and a hidden field with the ids of the files already received.

Without JavaScript the files come with the form; with `ui/upload.js` each is sent to the API first. The ids stay in the
form, so that no file is lost when it is shown again.
"""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest
from django.utils.translation import get_language

from bekhedmetkom.attachments import commands
from bekhedmetkom.attachments.rules import BUSY, MAX_FILES, TOO_MANY, FileRefused, TemporaryFailure
from bekhedmetkom.identity import throttle
from bekhedmetkom.interfaces.request_headers import get_client_address
from bekhedmetkom.kernel.errors import Refusal

UPLOADS_FIELD, NEW_FILES_FIELD, REMOVED_FILES_FIELD = "uploads", "file", "drop"  # names in forms


class UploadsField(forms.CharField):
    """Ids of uploads, separated by spaces; rendered by the tag `uploads`."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=40 * (MAX_FILES + 1))

    def clean(self, value: str) -> tuple[UUID, ...]:
        return parse_upload_ids(value)


def parse_upload_ids(text: object) -> tuple[UUID, ...]:
    """Return the ids in the field, each once; ignores invalid ones."""
    found: dict[UUID, None] = {}
    for word in str(text or "").split()[: MAX_FILES + 1]:
        try:
            found[UUID(word)] = None
        except ValueError:
            continue
    return tuple(found)


def receive_uploads(request: HttpRequest, at: datetime) -> tuple[str, list[str]]:
    """Receive new files and discard removed ones. Returns the field's value, and an error for each refused file."""
    ids = list(parse_upload_ids(request.POST.get(UPLOADS_FIELD)))
    for dropped in set(parse_upload_ids(request.POST.get(REMOVED_FILES_FIELD))) & set(ids):
        ids.remove(dropped)
        commands.discard_uploads([dropped])
    refused = []
    for file in request.FILES.getlist(NEW_FILES_FIELD):
        if not isinstance(file, TemporaryUploadedFile):
            continue
        try:
            ids.append(_receive_file(request, file, len(ids), at))
        except Refusal as refusal:
            refused.append(
                f"«\u2068{file.name}\u2069»: {refusal.message.in_language(get_language() or 'ar')}"
            )
    return " ".join(map(str, ids)), refused


def _receive_file(request: HttpRequest, file: TemporaryUploadedFile, so_far: int, at: datetime) -> UUID:
    if so_far >= MAX_FILES:
        raise FileRefused(TOO_MANY)
    if (
        throttle.take_attempt(
            throttle.UPLOAD_LIMIT, "upload", get_client_address(request), at=at
        ).total_seconds()
        >= 1
    ):
        raise TemporaryFailure(BUSY, 5)
    return commands.receive_file(name=file.name or "", content=Path(file.temporary_file_path()), at=at).id
