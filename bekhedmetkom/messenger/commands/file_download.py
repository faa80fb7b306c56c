"""Download of attached files from Meta; they are stored like any upload."""

import logging
import time
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from django.conf import settings

from bekhedmetkom.attachments import commands as attachments
from bekhedmetkom.attachments.rules import MAX_FILE_BYTES, MAX_FILES, FileRefused
from bekhedmetkom.kernel import outbound_http
from bekhedmetkom.kernel.text import BilingualText

from ..models import Event
from ..rules.webhook_parser import AttachedFile

TIMEOUT_SECONDS = 20.0  # for one file
MAX_REDIRECTS = 3
_DOWNLOAD_FAILED = BilingualText(
    "لم نستطع تنزيل الملف. أرسله مرة ثانية.", "We could not fetch the file. Please send it again."
)

log = logging.getLogger(__name__)


def fetch_files(
    event: Event, attached: tuple[AttachedFile, ...], at: datetime
) -> tuple[tuple[UUID, ...], BilingualText | None]:
    """Return the event's uploads and why a file was refused. Each file is downloaded once, also on a retry.

    Raises `attachments.rules.TryAgain` where the platform cannot take files now.
    """
    progress = event.files or {"ids": [], "refused": None, "seen": 0}
    for file in attached[progress["seen"] : MAX_FILES]:
        try:
            progress["ids"].append(str(_store_file(file, at)))
        except FileRefused as refused:
            progress["refused"] = [refused.message.ar, refused.message.en]
        except outbound_http.REQUEST_ERRORS as error:
            log.warning("event %s: a file could not be fetched (%s)", event.pk, type(error).__name__)
            progress["refused"] = [_DOWNLOAD_FAILED.ar, _DOWNLOAD_FAILED.en]
        progress["seen"] += 1
        Event.objects.filter(pk=event.pk, worked_at=None).update(files=progress)
    return tuple(UUID(upload) for upload in progress["ids"]), BilingualText(*progress["refused"]) if progress[
        "refused"
    ] else None


def _store_file(file: AttachedFile, at: datetime) -> UUID:
    name = Path(urlsplit(file.url).path).name or file.media_type
    return attachments.receive_bytes(name=name, content=_download(file.url), at=at).id


def _download(url: str) -> bytes:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    with outbound_http.create_client(settings.OUTWARD_NETWORKS) as client:
        for _ in range(MAX_REDIRECTS + 1):
            with client.stream("GET", url) as response:
                if response.has_redirect_location:
                    url = urljoin(url, response.headers["Location"])
                    continue
                response.raise_for_status()
                return outbound_http.read_response(response, MAX_FILE_BYTES + 1, deadline - time.monotonic())
    raise outbound_http.UnreachableAddress("redirected too often")
