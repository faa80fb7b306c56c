"""Unsubscribe from a case: a confirmation page, and one-click POST of mail programs (RFC 8058)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bekhedmetkom.cases import row_security
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.notifications.commands import unsubscribe_from_case
from bekhedmetkom.notifications.queries import find_case_of_message
from bekhedmetkom.notifications.signed_addresses import parse_unsubscribe_token


@audience("public")
@csrf_exempt  # a mail program has no form of ours; the signed address is the permission
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page on GET, because mail programs follow links; unsubscribe on POST. Idempotent."""
    message = parse_unsubscribe_token(token)
    case = find_case_of_message(message) if message is not None else None
    if message is None or case is None:
        raise Http404
    if request.method == "POST":
        row_security.allow_citizen(case)
        unsubscribe_from_case(message=message, at=clock.now())
    return render(request, "delivery/unsubscribe.html", {"stopped": request.method == "POST"})
