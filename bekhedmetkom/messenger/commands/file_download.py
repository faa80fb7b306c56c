"""The files that somebody attached: fetched from where Meta keeps them, and taken in like any upload."""

import logging
import time
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from django.conf import settings

from bekhedmetkom.attachments import commands as attachments
from bekhedmetkom.attachments.rules import MOST_BYTES, MOST_FILES, FileRefused
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
    """The uploads of an event and why one of its files was not taken. Fetched once, however often it is worked.

    Raises `attachments.rules.TryAgain` where the platform itself cannot take files now.
    """
    kept = event.files or {"ids": [], "refused": None, "seen": 0}
    for one in attached[kept["seen"] : MOST_FILES]:
        try:
            kept["ids"].append(str(_store_file(one, at)))
        except FileRefused as refused:
            kept["refused"] = [refused.message.ar, refused.message.en]
        except outbound_http.REQUEST_ERRORS as error:
            log.warning("event %s: a file could not be fetched (%s)", event.pk, type(error).__name__)
            kept["refused"] = [_DOWNLOAD_FAILED.ar, _DOWNLOAD_FAILED.en]
        kept["seen"] += 1
        Event.objects.filter(pk=event.pk, worked_at=None).update(files=kept)
    return tuple(UUID(one) for one in kept["ids"]), BilingualText(*kept["refused"]) if kept[
        "refused"
    ] else None


def _store_file(one: AttachedFile, at: datetime) -> UUID:
    name = Path(urlsplit(one.url).path).name or one.media_type
    return attachments.receive_bytes(name=name, content=_download(one.url), at=at).id


def _download(url: str) -> bytes:
    until = time.monotonic() + TIMEOUT_SECONDS
    with outbound_http.create_client(settings.OUTWARD_NETWORKS) as client:
        for _ in range(MAX_REDIRECTS + 1):
            with client.stream("GET", url) as answer:
                if answer.has_redirect_location:
                    url = urljoin(url, answer.headers["Location"])
                    continue
                answer.raise_for_status()
                return outbound_http.read_response(answer, MOST_BYTES + 1, until - time.monotonic())
    raise outbound_http.UnreachableAddress("redirected too often")
