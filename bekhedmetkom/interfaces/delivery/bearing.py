"""How those whom we have agreed on a token with show it, and say one thing or many."""

import hmac
import json
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse

T = TypeVar("T")


def refused(request: HttpRequest, token: str) -> HttpResponse | None:
    """403 for whoever does not bear it. Where none is agreed on there is no such address."""
    if not token:
        raise Http404
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if hmac.compare_digest(shown.encode("utf-8", "replace"), token.encode()):
        return None
    return plain("The bearer token is not the one agreed on.", 403)


def each(body: bytes, read: Callable[[Any], T], most: int) -> list[T]:
    """What a JSON body says: one thing, or a list of at most so many; all of it or a `ValueError`."""
    try:
        said = json.loads(body)
    except RecursionError:
        raise ValueError from None
    found = said if isinstance(said, list) else [said]
    if not 0 < len(found) <= most:
        raise ValueError
    return [read(one) for one in found]


def plain(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
