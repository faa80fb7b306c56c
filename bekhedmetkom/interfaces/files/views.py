"""Serves one file for a signed, unexpired address."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from bekhedmetkom.attachments import storage
from bekhedmetkom.attachments.rules import MediaType
from bekhedmetkom.attachments.signed_urls import parse_file_token
from bekhedmetkom.interfaces.access_control import audience

CHUNK_SIZE = 64 * 1024
_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
# Nothing in a file can run, load or send anything, whatever a browser takes it for. Browsers draw PDFs with a viewer
# of their own, which a sandbox would forbid; it may stand in our own pages.
_BASE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'"
_POLICY = f"{_BASE_POLICY}; sandbox; frame-ancestors 'none'"
_PDF_POLICY = f"{_BASE_POLICY}; object-src 'self'; frame-ancestors 'self'"


@audience("public")
@require_safe
def serve_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """Serve the file or the requested range; 404 for expired, forged or unknown addresses."""
    found = parse_file_token(token)
    if found is None:
        raise Http404
    try:
        content, size = storage.open_file(found.id)
    except FileNotFoundError:
        raise Http404 from None
    part = _parse_range(request.headers.get("Range", ""), size)
    if part is None:
        content.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, length = part
    is_pdf = found.media_type is MediaType.PDF
    headers = {
        "Content-Type": str(found.media_type),
        "Content-Length": str(length),
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'inline; filename="{found.name}"',
        "Content-Security-Policy": _PDF_POLICY if is_pdf else _POLICY,
        "X-Frame-Options": "SAMEORIGIN" if is_pdf else "DENY",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex",
    }
    if length < size:
        headers["Content-Range"] = f"bytes {first}-{first + length - 1}/{size}"
    status = 206 if length < size else 200
    if request.method == "HEAD":
        content.close()
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(_iterate_chunks(content, first, length), status=status, headers=headers)


def _parse_range(wanted: str, size: int) -> tuple[int, int] | None:
    """Return first byte and length; the whole file for anything but one plain range, `None` beyond the end."""
    match = _RANGE.fullmatch(wanted)
    if match is None or match.groups() == ("", ""):
        return 0, size
    start, end = match.groups()
    if not start:  # the last so many
        length = min(int(end), size)
        return (size - length, length) if length else None
    first, last = int(start), min(int(end or size), size - 1)
    return (first, last - first + 1) if first <= last else None


def _iterate_chunks(content: BinaryIO, first: int, length: int) -> Iterator[bytes]:
    with content:
        content.seek(first)
        while length > 0 and (piece := content.read(min(CHUNK_SIZE, length))):
            length -= len(piece)
            yield piece
