"""Way A of intake, without JavaScript: what is typed is plain in this process's memory as long as the request takes."""

import secrets
from time import monotonic

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from bekhedmetkom.disclosures import chain, keeping
from bekhedmetkom.disclosures.envelope import Envelope
from bekhedmetkom.disclosures.line import LINE, LineIsFull
from bekhedmetkom.disclosures.rules.receipts import CHECKED, derive, new_receipt
from bekhedmetkom.kernel.clock import local_day, now

from .forms import SendForm, WordsForm
from .kept import mark, sealed
from .once import ONCE, Words
from .receiving import MOST_FILES, Encrypting, NoFiles

CHECK_SECONDS = 30 * 60
BUSY_SECONDS = 5


def form_page(
    request: HttpRequest, form: SendForm, *, status: int = 200, busy: bool = False, carried: bool = False
) -> HttpResponse:
    """The first page, with its form as it was sent."""
    said = {
        "form": form,
        "words": WordsForm(),
        "once": (form.data.get("once") if form.is_bound else "") or secrets.token_urlsafe(12),
        "busy": busy,
        "carried": carried,
        "most": MOST_FILES,
    }
    return render(request, "box/home.html", said, status=status)


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Take in a report: seal it, keep it, show the words."""
    today = local_day(now())
    manifest = chain.current(today)  # before anything is read; `Refused` shows the closed page
    receipt = new_receipt()
    keeping.give_back()  # while we wait: in line, and for the files
    try:
        keys = LINE.serve(monotonic(), lambda: derive(receipt))
    except LineIsFull:
        request.upload_handlers = [NoFiles(request)]
        page = form_page(request, SendForm(request.POST, manifest=manifest), status=503, busy=True)
        page.headers["Retry-After"] = str(BUSY_SECONDS)
        return page
    envelope = Envelope.of_a_report(keys.voice, today)
    files = Encrypting(envelope)
    request.upload_handlers = [files]
    try:
        form = SendForm(request.POST, manifest=manifest)
        form.complain_of_files(files.too_large, files.too_many, files.no_room)
        if not form.is_valid():
            return form_page(request, form, status=422)
        said = form.cleaned_data

        def take_in() -> Words:
            envelope.send_report(
                said["text"],
                keys=keys,
                identity=form.identity_given(),
                excluded=said["exclude"],
                manifest=manifest,
            )
            return receipt

        words = ONCE.do(_mark(form, files), take_in)
    finally:
        files.drop()  # what no report has taken
    return _receipt_page(request, words)


def _mark(form: SendForm, files: Encrypting) -> bytes:
    """The same form with the same content; without the page's own mark, each is another."""
    once = form.data.get("once") or secrets.token_urlsafe(12)
    said = once, str(sorted(form.cleaned_data.items()))
    return mark(*(one.encode(errors="replace") for one in said), files.content.digest())


def _receipt_page(request: HttpRequest, words: Words) -> HttpResponse:
    asked = [words[place - 1] for place in CHECKED]  # two of ten, in a page that shows all of them
    return render(
        request,
        "box/receipt.html",
        {"words": words, "check": sealed("check", {"words": asked}, CHECK_SECONDS)},
    )
