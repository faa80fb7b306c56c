"""Sending a file ahead of the case, message or reply that takes it."""

from math import ceil
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from ninja.responses import Status

from bekhedmetkom.attachments import commands
from bekhedmetkom.attachments.rules import MAX_FILE_BYTES, TOO_BIG, FileRefused
from bekhedmetkom.identity import throttle
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.interfaces.request_headers import get_client_address
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from .. import problems
from ..api import api
from ..openapi import document_responses
from ..problems import Problem
from ..schemas.case import UploadOut

FORM_OVERHEAD_BYTES = 64 * 1024  # bytes of a form around its one file
_ONE_FILE = BilingualText(
    "أرسل ملفًا واحدًا باسم file في نموذج multipart/form-data.",
    "Send one file, as `file` of a multipart/form-data form.",
)
_FORM_SCHEMA = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        }
    },
}


def _document_upload() -> dict[str, Any]:
    said = document_responses(
        "رفع ملف واحد: صورة أو PDF أو فيديو أو تسجيل صوتي، حتى 20 ميغابايت. يُحذف منه مكان التصوير وبيانات الجهاز "
        "وصاحبه، ثم يُرفق بطلب أو رسالة خلال 24 ساعة.",
        UploadOut,
        problems.MALFORMED_REQUEST,
        problems.TOO_LARGE,
        problems.INVALID_FIELDS,
        problems.TOO_MANY_REQUESTS,
        status=201,
    )
    said["openapi_extra"]["requestBody"] = _FORM_SCHEMA
    return said


@api.post("/uploads", url_name="upload", tags=["cases"], **_document_upload())
@audience("public")
def upload_file(request: HttpRequest, response: HttpResponse) -> Status[dict[str, Any]]:
    """Send one photo, PDF, video or voice recording. It is cleaned of place, device and author, and kept a day."""
    at = clock.now()
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FILE_BYTES + FORM_OVERHEAD_BYTES:
        raise Problem(problems.TOO_LARGE, TOO_BIG)
    wait = throttle.take_attempt(
        throttle.UPLOAD_LIMIT, "upload", get_client_address(request), at=at
    ).total_seconds()
    if wait >= 1:  # less is two who came at once, counted in another order
        raise Problem(problems.TOO_MANY_REQUESTS, headers={"Retry-After": str(ceil(wait))})
    sent = [file for name in request.FILES for file in request.FILES.getlist(name)]
    if len(sent) != 1 or not isinstance(sent[0], TemporaryUploadedFile):
        raise InvalidInput(FieldError("file", _ONE_FILE))
    try:
        received = commands.receive_file(
            name=sent[0].name or "", content=Path(sent[0].temporary_file_path()), at=at
        )
    except FileRefused as refusal:
        if refusal.message == TOO_BIG:
            raise Problem(problems.TOO_LARGE, TOO_BIG) from refusal
        raise InvalidInput(FieldError("file", refusal.message)) from refusal
    response.headers["Cache-Control"] = "no-store"
    return Status(
        201,
        {
            "id": received.id, "name": received.name, "size": received.size, "media_type": received.media_type,
            "expires_at": received.expires_at,
        },
    )  # fmt: skip
