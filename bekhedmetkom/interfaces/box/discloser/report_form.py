"""Report form without JavaScript: the server encrypts the report and shows the receipt.

A form that is sent twice within two minutes is one report, and both responses show the same receipt. Receipts
are kept for that in this process's memory only.
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
from ..upload_handlers import ServerEncryptingUploadHandler, SkipUploadHandler
from .forms import ReceiptForm, ReportForm

DUPLICATE_SECONDS = 120
ReceiptWords = tuple[str, ...]


@dataclass(slots=True)
class _Submission:
    until: float
    lock: Lock = field(default_factory=Lock)
    words: ReceiptWords | None = None


class SubmissionCache:
    """Receipts of the forms of the last two minutes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._submissions: dict[bytes, _Submission] = {}

    def get_or_submit(self, fingerprint: bytes, submit: Callable[[], ReceiptWords]) -> ReceiptWords:
        """Return the receipt for this fingerprint: the first submission's, or that of `submit`."""
        with self._lock:
            now = monotonic()
            self._submissions = {key: sent for key, sent in self._submissions.items() if sent.until > now}
            sent = self._submissions.setdefault(fingerprint, _Submission(now + DUPLICATE_SECONDS))
        with sent.lock:
            if sent.words is None:
                sent.words = submit()
            return sent.words


SUBMISSION_CACHE = SubmissionCache()


CHECK_SECONDS = 30 * 60
RETRY_SECONDS = 5


def render_form_page(
    request: HttpRequest, form: ReportForm, *, status: int = 200, busy: bool = False, carried: bool = False
) -> HttpResponse:
    """Return the home page with its form as it was sent."""
    context = {
        "form": form,
        "words": ReceiptForm(),
        "submission_id": (form.data.get("once") if form.is_bound else "") or secrets.token_urlsafe(12),
        "busy": busy,
        "carried": carried,
    }
    return render(request, "box/discloser/home.html", context, status=status)


@require_POST
def submit_report(request: HttpRequest) -> HttpResponse:
    """Encrypt and store a report, and show its receipt."""
    today = get_local_date(now())
    # Before the form is read; `ManifestError` shows the closed page.
    manifest = current_manifest.get_current_manifest(today)
    receipt = generate_receipt()
    part_storage.release_connection()  # during the waits for the queue and the files
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
        data = form.cleaned_data

        def submit() -> ReceiptWords:
            encrypted_turn.submit_report(
                data["text"],
                keys=keys,
                identity=form.get_identity(),
                excluded=data["exclude"],
                manifest=manifest,
            )
            return receipt

        words = SUBMISSION_CACHE.get_or_submit(_compute_form_fingerprint(form, files), submit)
    finally:
        files.discard()  # files of no report
    return _render_receipt_page(request, words)


def _compute_form_fingerprint(form: ReportForm, files: ServerEncryptingUploadHandler) -> bytes:
    """Hash form and files. A form without the page's submission id is unique."""
    submission_id = form.data.get("once") or secrets.token_urlsafe(12)
    texts = submission_id, str(sorted(form.cleaned_data.items()))
    return compute_fingerprint(
        *(text.encode(errors="replace") for text in texts), files.content_hash.digest()
    )


def _render_receipt_page(request: HttpRequest, words: ReceiptWords) -> HttpResponse:
    asked = [words[place - 1] for place in CHECKED_POSITIONS]
    return render(
        request,
        "box/discloser/receipt.html",
        {"words": words, "check": encrypt_token("check", {"words": asked}, CHECK_SECONDS)},
    )
