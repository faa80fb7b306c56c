"""The frames of the new-case pages: the portal, an embedding site, and a kiosk."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from csp.constants import NONE
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from bekhedmetkom.entities.queries import find_successor_by_code, get_embed_origins
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import get_local_date

_AUTOCOMPLETE = re.compile(rb'autocomplete="[a-z-]+"')


@dataclass(frozen=True, slots=True)
class Frame:
    """`channel`: recorded on the case. `keeps_state`: the browser may keep cookies and a draft."""

    channel: str
    route: str
    base_template: str
    keeps_state: bool = False


PORTAL = Frame("portal", "portal:new", "ui/public.html", keeps_state=True)
EMBED = Frame("embed", "portal:embed", "portal/new_case/embed_base.html")
KIOSK = Frame("kiosk", "portal:kiosk", "portal/new_case/kiosk_base.html")
_FRAMES = {frame.route: frame for frame in (PORTAL, EMBED, KIOSK)}


def get_frame(request: HttpRequest) -> Frame:
    """Return the frame of the request's URL."""
    match = request.resolver_match
    return _FRAMES.get(match.view_name, PORTAL) if match else PORTAL


def get_framed_body(request: HttpRequest) -> Body | None:
    """Return the body that the frame is for, from the URL's `entity`."""
    return find_successor_by_code(request.GET.get("entity", "")[:40].upper(), get_local_date(clock.now()))


def build_frame_context(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's template context; `here` is the URL that pages post to."""
    frame = get_frame(request)
    address = reverse(frame.route)
    if frame.keeps_state:
        return {"frame": frame, "here": address}
    body = get_framed_body(request)
    return {
        "frame": frame,
        "here": f"{address}?{urlencode({'entity': body.code})}" if body else address,
        "body_here": body,
        "safe_way": f"{settings.PUBLIC_URL}{reverse('portal:confidential')}",
    }


def apply_frame_headers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Set the headers that a frame needs on every response."""
    frame = get_frame(request)
    if frame is EMBED:
        body = get_framed_body(request)
        origins = [*settings.EMBED_ORIGINS, *(get_embed_origins(body.id) if body else ())]
        policy = build_policy(replace={"frame-ancestors": origins or [NONE]})
        response.headers["Content-Security-Policy"] = policy
        response.xframe_options_exempt = True
    if not frame.keeps_state:
        response.headers["Cache-Control"] = "no-store"
    if frame is KIOSK:  # no browser suggestions from the previous person at the kiosk
        response.content = _AUTOCOMPLETE.sub(b'autocomplete="off"', response.content)
    return response
