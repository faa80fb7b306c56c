"""Where the pages on which a case is written stand: on the portal, inside somebody else's page, on a hall's screen."""

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
    """`name`: the channel of what comes this way. `keeps`: a cookie and a draft may stay in the browser."""

    channel: str
    route: str
    base_template: str
    keeps_state: bool = False


PORTAL = Frame("portal", "portal:new", "ui/public.html", keeps_state=True)
EMBED = Frame("embed", "portal:embed", "portal/new_case/embed_base.html")
KIOSK = Frame("kiosk", "portal:kiosk", "portal/new_case/kiosk_base.html")
_FRAMES = {frame.route: frame for frame in (PORTAL, EMBED, KIOSK)}


def get_frame(request: HttpRequest) -> Frame:
    """By the address that was asked for."""
    match = request.resolver_match
    return _FRAMES.get(match.view_name, PORTAL) if match else PORTAL


def get_framed_body(request: HttpRequest) -> Body | None:
    """For which body the frame stands: it stays in the address from page to page."""
    return find_successor_by_code(request.GET.get("entity", "")[:40].upper(), get_local_date(clock.now()))


def build_frame_context(request: HttpRequest) -> dict[str, Any]:
    """What the pages say of their frame. `here`: where they are sent to."""
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
    """What a frame asks of each of its answers."""
    frame = get_frame(request)
    if frame is EMBED:
        body = get_framed_body(request)
        origins = [*settings.EMBED_ORIGINS, *(get_embed_origins(body.id) if body else ())]
        policy = build_policy(replace={"frame-ancestors": origins or [NONE]})
        response.headers["Content-Security-Policy"] = policy
        response.xframe_options_exempt = True
    if not frame.keeps_state:
        response.headers["Cache-Control"] = "no-store"
    if frame is KIOSK:  # the next person at the screen is offered nothing that the last one typed
        response.content = _AUTOCOMPLETE.sub(b'autocomplete="off"', response.content)
    return response
