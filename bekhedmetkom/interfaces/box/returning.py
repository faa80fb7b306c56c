"""Coming back with the ten words, without JavaScript: the server derives, two at a time, and forgets."""

import secrets
from functools import cache
from time import monotonic, sleep

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from bekhedmetkom.disclosures.line import LINE, LineIsFull
from bekhedmetkom.disclosures.rules.receipts import derive, folded

from . import kept
from .forms import WordsForm
from .policy import POLICY

AGAIN_SECONDS = 4
STEP_SECONDS = 0.1  # answers come at multiples of it, so that their time says nothing


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """The form for the words; sent, it opens a visit of 15 minutes, whether or not the words open anything."""
    if request.method != "POST":
        return render(request, "box/words.html", {"form": WordsForm()})
    form = WordsForm(request.POST)
    if not form.is_valid():
        return render(request, "box/words.html", {"form": form}, status=422)
    return _open(request, form.cleaned_data["words"], monotonic())


@require_safe
def again(request: HttpRequest) -> HttpResponse:
    """The next try of whoever found the line full: the browser comes by itself, with words and time in its cookie.

    A place in line serves once: were it good for any number of tries, one that was taken early would be before
    everybody's for ever.
    """
    waiting = kept.given(request, "__Host-line")
    if waiting is None:
        return redirect("box:words")
    is_theirs = kept.first_use(waiting["place"], kept.SECONDS["__Host-line"])
    return _open(request, waiting["words"], waiting["since"] if is_theirs else monotonic())


def _open(request: HttpRequest, words: str, since: float) -> HttpResponse:
    begun = monotonic()
    try:
        keys = LINE.serve(since, lambda: derive(words))
    except LineIsFull:
        page = HttpResponse(_wait_page(get_language() or "ar"), status=503)
        page.headers["Retry-After"] = str(AGAIN_SECONDS)
        kept.give(page, "__Host-line", {"words": words, "since": since, "place": secrets.token_hex(16)})
        return page
    opened = redirect("box:talk")
    opened.status_code = 303
    kept.give(
        opened, "__Host-box", {"lookup": keys.lookup.hex(), "reader": keys.reader, "voice": keys.voice.hex()}
    )
    kept.take_away(opened, "__Host-line")
    on_the_step(begun)
    return opened


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Whether the third and seventh word were written down rightly; shown beside the words, in a frame."""
    tried = request.method == "POST"
    asked = kept.unsealed("check", request.POST.get("check", ""))
    typed = [folded(request.POST.get(name, "")[:60]) for name in ("third", "seventh")]
    right = [bool(asked) and folded(asked["words"][n]) == typed[n] for n in range(2)] if asked else []
    page = render(
        request, "box/check.html", {"tried": tried, "asked": asked, "right": right, "all": all(right)}
    )
    page.headers["Content-Security-Policy"] = POLICY + "'self'"
    return page


@cache
def _wait_page(language: str) -> str:
    """Drawn once for each language: in a crowd it is what most are answered."""
    return render_to_string("box/wait.html", {"seconds": AGAIN_SECONDS})


def on_the_step(begun: float) -> None:
    """Wait until the next tenth of a second since `begun`."""
    sleep(-(monotonic() - begun) % STEP_SECONDS)
