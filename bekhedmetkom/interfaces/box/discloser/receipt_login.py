"""Login with the receipt without JavaScript: the server derives the keys, two at a time, and stores none."""

import secrets
from functools import cache
from time import monotonic, sleep

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from bekhedmetkom.disclosures.derivation_queue import DERIVATION_QUEUE, QueueFull
from bekhedmetkom.disclosures.rules.receipts import derive_keys, fold_words

from .. import session_cookies
from ..security_policy import CONTENT_SECURITY_POLICY
from .forms import ReceiptForm

RETRY_SECONDS = 4
TIME_STEP_SECONDS = 0.1  # responses are sent at multiples, so that their time reveals nothing


@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Show the receipt form. A posted receipt starts a session of 15 minutes, whether or not it is valid."""
    if request.method != "POST":
        return render(request, "box/discloser/receipt_login.html", {"form": ReceiptForm()})
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return render(request, "box/discloser/receipt_login.html", {"form": form}, status=422)
    return _open_session(request, form.cleaned_data["words"], monotonic())


@require_safe
def retry_login(request: HttpRequest) -> HttpResponse:
    """Retry after the queue was full: the page reloads itself, with words and first attempt in a cookie.

    A place in the queue is valid once: otherwise one early place could overtake everybody for ever.
    """
    waiting = session_cookies.read_cookie(request, "__Host-line")
    if waiting is None:
        return redirect("box:receipt_login")
    is_theirs = session_cookies.claim_token(waiting["place"], session_cookies.COOKIE_SECONDS["__Host-line"])
    return _open_session(request, waiting["words"], waiting["since"] if is_theirs else monotonic())


def _open_session(request: HttpRequest, words: str, since: float) -> HttpResponse:
    begun = monotonic()
    try:
        keys = DERIVATION_QUEUE.run(since, lambda: derive_keys(words))
    except QueueFull:
        page = HttpResponse(_render_wait_page(get_language() or "ar"), status=503)
        page.headers["Retry-After"] = str(RETRY_SECONDS)
        session_cookies.set_cookie(
            page, "__Host-line", {"words": words, "since": since, "place": secrets.token_hex(16)}
        )
        return page
    opened = redirect("box:conversation")
    opened.status_code = 303
    session_cookies.set_cookie(
        opened,
        "__Host-box",
        {"lookup": keys.lookup_id.hex(), "reader": keys.reader_identity, "voice": keys.voice.hex()},
    )
    session_cookies.delete_cookie(opened, "__Host-line")
    wait_for_time_step(begun)
    return opened


@require_http_methods(["GET", "POST"])
def check_receipt(request: HttpRequest) -> HttpResponse:
    """Check the third and seventh word of a new receipt; shown in a frame next to it."""
    tried = request.method == "POST"
    asked = session_cookies.decrypt_token("check", request.POST.get("check", ""))
    typed = [fold_words(request.POST.get(name, "")[:60]) for name in ("third", "seventh")]
    right = [bool(asked) and fold_words(asked["words"][n]) == typed[n] for n in range(2)] if asked else []
    page = render(
        request,
        "box/discloser/receipt_check.html",
        {"tried": tried, "asked": asked, "right": right, "all": all(right)},
    )
    page.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY + "'self'"
    return page


@cache
def _render_wait_page(language: str) -> str:
    """Render the page once per language: most requests of a flood get it."""
    return render_to_string("box/discloser/queue_wait.html", {"seconds": RETRY_SECONDS})


def wait_for_time_step(begun: float) -> None:
    """Sleep until the next tenth of a second since `begun`."""
    sleep(-(monotonic() - begun) % TIME_STEP_SECONDS)
