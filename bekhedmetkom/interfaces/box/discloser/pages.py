"""Pages that ask nothing and keep nothing, and the first one with its form."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.disclosures import current_manifest
from bekhedmetkom.disclosures.installation import get_installation
from bekhedmetkom.disclosures.rules.statuses import TRANSITIONS
from bekhedmetkom.kernel.clock import get_local_date, now

from .. import session_cookies
from ..security_policy import is_same_origin
from .forms import MAX_TEXT_LENGTH, ReportForm
from .report_form import render_form_page


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and the form. Closed where the chain of keys does not hold: nobody types what cannot be sealed."""
    return render_form_page(
        request, ReportForm(manifest=current_manifest.get_current_manifest(get_local_date(now())))
    )


@require_POST
def show_carried_text(request: HttpRequest) -> HttpResponse:
    """An ordinary case's text, brought by its citizen's browser: it fills the form, and is kept nowhere."""
    text = request.POST.get("text", "")[:MAX_TEXT_LENGTH]
    form = ReportForm(
        manifest=current_manifest.get_current_manifest(get_local_date(now())), initial={"text": text}
    )
    return render_form_page(request, form, carried=bool(text))


@require_safe
def protection(request: HttpRequest) -> HttpResponse:
    """What is protected, and what is not."""
    return render(
        request,
        "box/discloser/protection.html",
        {"onion": get_installation().onion_address, "retention_days": get_installation().retention_days},
    )


@require_safe
def commission(request: HttpRequest) -> HttpResponse:
    """Where officers and custodians work. It holds nothing of anybody: their browser asks for it and opens it."""
    moves = {str(now): sorted(map(str, then)) for now, then in TRANSITIONS.items()}
    return render(request, "box/commission/page.html", {"moves": json.dumps(moves)})


@require_safe
def leave_site(request: HttpRequest) -> HttpResponse:
    """A page that says nothing, in place of the one that was left; the visit is over here, and the browser forgets it.

    Not its storage: a discloser's has nothing there, an officer's has their key. Nor where another site sends here.
    """
    page = render(request, "box/discloser/neutral.html")
    if is_same_origin(request):
        page.headers["Clear-Site-Data"] = '"cache", "cookies"'
    for name in session_cookies.COOKIE_SECONDS:
        session_cookies.end_session(request, page, name)
    return page


def show_intake_closed(request: HttpRequest) -> HttpResponse:
    """No report can be taken in now."""
    page = render(request, "box/discloser/intake_closed.html", status=503)
    page.headers["Retry-After"] = "3600"
    return page
