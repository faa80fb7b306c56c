"""A form that is sent twice (a second click, a page loaded anew) is one report: who sent it sees the same words again.

Kept in this process's memory for two minutes, for the same words alone: who finds the form later learns nothing by it.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from bekhedmetkom.disclosures import current_manifest, part_storage
from bekhedmetkom.disclosures.derivation_queue import DERIVATION_QUEUE, QueueFull
from bekhedmetkom.disclosures.rules.receipts import CHECKED_POSITIONS, derive_keys, generate_receipt
from bekhedmetkom.disclosures.server_encryption import EncryptedTurn
from bekhedmetkom.kernel.clock import get_local_date, now

from ..session_cookies import compute_fingerprint, encrypt_token
from ..upload_handlers import MAX_FILES, ServerEncryptingUploadHandler, SkipUploadHandler
from .forms import ReceiptForm, ReportForm

DUPLICATE_SECONDS = 120
ReceiptWords = tuple[str, ...]


@dataclass(slots=True)
class _Submission:
    until: float
    lock: Lock = field(default_factory=Lock)
    words: ReceiptWords | None = None


class SubmissionCache:
    """Remembers what the forms of the last two minutes came to."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._submissions: dict[bytes, _Submission] = {}

    def get_or_submit(self, fingerprint: bytes, submit: Callable[[], ReceiptWords]) -> ReceiptWords:
        """The receipt's words of what bears this mark: of `send`, or of whoever was first."""
        with self._lock:
            now = monotonic()
            self._submissions = {key: sent for key, sent in self._submissions.items() if sent.until > now}
            sent = self._submissions.setdefault(fingerprint, _Submission(now + DUPLICATE_SECONDS))
        with sent.lock:
            if sent.words is None:
                sent.words = submit()
            return sent.words


SUBMISSION_CACHE = SubmissionCache()  # of this process


CHECK_SECONDS = 30 * 60
RETRY_SECONDS = 5


def render_form_page(
    request: HttpRequest, form: ReportForm, *, status: int = 200, busy: bool = False, carried: bool = False
) -> HttpResponse:
    """The first page, with its form as it was sent."""
    said = {
        "form": form,
        "words": ReceiptForm(),
        "once": (form.data.get("once") if form.is_bound else "") or secrets.token_urlsafe(12),
        "busy": busy,
        "carried": carried,
        "most": MAX_FILES,
    }
    return render(request, "box/discloser/home.html", said, status=status)


@require_POST
def submit_report(request: HttpRequest) -> HttpResponse:
    """Take in a report: seal it, keep it, show the words."""
    today = get_local_date(now())
    manifest = current_manifest.get_current_manifest(
        today
    )  # before anything is read; `Refused` shows the closed page
    receipt = generate_receipt()
    part_storage.release_connection()  # while we wait: in line, and for the files
    try:
        keys = DERIVATION_QUEUE.run(monotonic(), lambda: derive_keys(receipt))
    except QueueFull:
        request.upload_handlers = [SkipUploadHandler(request)]
        page = render_form_page(request, ReportForm(request.POST, manifest=manifest), status=503, busy=True)
        page.headers["Retry-After"] = str(RETRY_SECONDS)
        return page
    encrypted_turn = EncryptedTurn.for_new_report(keys.voice, today)
    files = ServerEncryptingUploadHandler(encrypted_turn)
    request.upload_handlers = [files]
    try:
        form = ReportForm(request.POST, manifest=manifest)
        form.add_file_errors(files.too_large, files.too_many, files.is_full)
        if not form.is_valid():
            return render_form_page(request, form, status=422)
        said = form.cleaned_data

        def take_in() -> ReceiptWords:
            encrypted_turn.submit_report(
                said["text"],
                keys=keys,
                identity=form.get_identity(),
                excluded=said["exclude"],
                manifest=manifest,
            )
            return receipt

        words = SUBMISSION_CACHE.get_or_submit(_compute_form_fingerprint(form, files), take_in)
    finally:
        files.discard()  # what no report has taken
    return _render_receipt_page(request, words)


def _compute_form_fingerprint(form: ReportForm, files: ServerEncryptingUploadHandler) -> bytes:
    """The same form with the same content; without the page's own mark, each is another."""
    once = form.data.get("once") or secrets.token_urlsafe(12)
    said = once, str(sorted(form.cleaned_data.items()))
    return compute_fingerprint(*(one.encode(errors="replace") for one in said), files.content_hash.digest())


def _render_receipt_page(request: HttpRequest, words: ReceiptWords) -> HttpResponse:
    asked = [words[place - 1] for place in CHECKED_POSITIONS]  # two of ten, in a page that shows all of them
    return render(
        request,
        "box/discloser/receipt.html",
        {"words": words, "check": encrypt_token("check", {"words": asked}, CHECK_SECONDS)},
    )
