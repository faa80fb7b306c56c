"""How those whom we have agreed on a token with show it."""

import hmac

from django.http import Http404, HttpRequest, HttpResponse


def refused(request: HttpRequest, token: str) -> HttpResponse | None:
    """403 for whoever does not bear it. Where none is agreed on there is no such address."""
    if not token:
        raise Http404
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if hmac.compare_digest(shown.encode("utf-8", "replace"), token.encode()):
        return None
    return plain("The bearer token is not the one agreed on.", 403)


def plain(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
