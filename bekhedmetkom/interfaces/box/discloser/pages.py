"""Home page and information pages."""

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
    """Return 200 while the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the introduction and the report form. Closed if the manifest is invalid."""
    return render_form_page(
        request, ReportForm(manifest=current_manifest.get_current_manifest(get_local_date(now())))
    )


@require_POST
def show_carried_text(request: HttpRequest) -> HttpResponse:
    """Fill the report form with an ordinary case's text from the citizen's browser, without storing it."""
    text = request.POST.get("text", "")[:MAX_TEXT_LENGTH]
    form = ReportForm(
        manifest=current_manifest.get_current_manifest(get_local_date(now())), initial={"text": text}
    )
    return render_form_page(request, form, carried=bool(text))


@require_safe
def protection(request: HttpRequest) -> HttpResponse:
    """Show what is protected and what is not."""
    return render(
        request,
        "box/discloser/protection.html",
        {"onion": get_installation().onion_address, "retention_days": get_installation().retention_days},
    )


@require_safe
def commission(request: HttpRequest) -> HttpResponse:
    """Show the Commission's page. It contains no data: the browser requests and decrypts it."""
    transitions = {str(status): sorted(map(str, following)) for status, following in TRANSITIONS.items()}
    return render(request, "box/commission/page.html", {"transitions": json.dumps(transitions)})


@require_safe
def leave_site(request: HttpRequest) -> HttpResponse:
    """End the session and show a neutral page in place of the one that was left; the browser clears cache and
    cookies.

    Storage is kept, since officers have their keys there. Links of other sites clear nothing.
    """
    page = render(request, "box/discloser/neutral.html")
    if is_same_origin(request):
        page.headers["Clear-Site-Data"] = '"cache", "cookies"'
    for name in session_cookies.COOKIE_SECONDS:
        session_cookies.end_session(request, page, name)
    return page


def show_intake_closed(request: HttpRequest) -> HttpResponse:
    """Show that no reports are accepted now."""
    page = render(request, "box/discloser/intake_closed.html", status=503)
    page.headers["Retry-After"] = "3600"
    return page
