"""Pages that ask nothing and keep nothing, and the first one with its form."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.disclosures import chain
from bekhedmetkom.disclosures.place import place
from bekhedmetkom.disclosures.rules.statuses import MOVES
from bekhedmetkom.kernel.clock import local_day, now

from . import kept
from .forms import MOST_LETTERS, SendForm
from .policy import from_here
from .sending import form_page


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and the form. Closed where the chain of keys does not hold: nobody types what cannot be sealed."""
    return form_page(request, SendForm(manifest=chain.current(local_day(now()))))


@require_POST
def carried(request: HttpRequest) -> HttpResponse:
    """An ordinary case's text, brought by its citizen's browser: it fills the form, and is kept nowhere."""
    text = request.POST.get("text", "")[:MOST_LETTERS]
    form = SendForm(manifest=chain.current(local_day(now())), initial={"text": text})
    return form_page(request, form, carried=bool(text))


@require_safe
def protection(request: HttpRequest) -> HttpResponse:
    """What is protected, and what is not."""
    return render(request, "box/protection.html", {"onion": place().onion, "keep_days": place().keep_days})


@require_safe
def commission(request: HttpRequest) -> HttpResponse:
    """Where officers and custodians work. It holds nothing of anybody: their browser asks for it and opens it."""
    moves = {str(now): sorted(map(str, then)) for now, then in MOVES.items()}
    return render(request, "box/commission.html", {"moves": json.dumps(moves)})


@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """A page that says nothing, in place of the one that was left; the visit is over here, and the browser forgets it.

    Not its storage: a discloser's has nothing there, an officer's has their key. Nor where another site sends here.
    """
    page = render(request, "box/left.html")
    if from_here(request):
        page.headers["Clear-Site-Data"] = '"cache", "cookies"'
    for name in kept.SECONDS:
        kept.end(request, page, name)
    return page


def closed(request: HttpRequest) -> HttpResponse:
    """No report can be taken in now."""
    page = render(request, "box/closed.html", status=503)
    page.headers["Retry-After"] = "3600"
    return page
