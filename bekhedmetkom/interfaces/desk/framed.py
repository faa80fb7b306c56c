"""A page of the desk beside its queues: the same frame, the same side bar."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .counts import known
from .queues import side_bar
from .visit import RequestContext


def framed(
    request: HttpRequest, visit: RequestContext, template: str, context: dict[str, Any]
) -> HttpResponse:
    """`page_route` in the context says which place of the side bar this is."""
    frame = {
        "visit": visit,
        "side": side_bar(visit, known(request, visit)),
        "queue": None,
        "searched": "",
    }
    return render(request, template, frame | context)
