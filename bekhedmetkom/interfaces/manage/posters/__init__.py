"""A poster for a body's counters: what people can do, and a code that their telephones read. A4, Arabic first."""

from functools import lru_cache
from pathlib import Path

import segno
import typst
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bekhedmetkom.entities.queries import find_successor_by_code
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.interfaces import ui
from bekhedmetkom.interfaces.access_control import administrator_required, audience
from bekhedmetkom.kernel import clock

POSTER_FOLDER = Path(__file__).parent
FONTS = Path(ui.__file__).parent / "fonts"
POSTER_CSP = "default-src 'none'; frame-ancestors 'none'"


@audience("administrator")
@administrator_required
@require_safe
def download_poster(request: HttpRequest, code: str) -> HttpResponse:
    """The poster of a body, or of who is in its place today; ready to print."""
    body = find_successor_by_code(code.upper(), clock.get_local_date(clock.now()))
    if body is None:
        raise Http404
    response = HttpResponse(
        render_poster(build_poster_url(body), body.name_ar, body.name_en), content_type="application/pdf"
    )
    response.headers["Content-Disposition"] = f'inline; filename="bekhedmetkom-{body.code}.pdf"'
    response.headers["Content-Security-Policy"] = POSTER_CSP
    return response


def build_poster_url(body: Body) -> str:
    """Where the code leads: to a case that has its body already."""
    return f"{settings.PUBLIC_URL}/new?entity={body.code}"


@lru_cache(maxsize=32)
def render_poster(address: str, name_ar: str, name_en: str) -> bytes:
    """The PDF. Nothing is read but the file beside this one and the fonts."""
    code = segno.make(address, error="q", micro=False).svg_inline(border=0, dark="#062F2C", omitsize=True)
    said = {"qr": code, "address": address.partition("://")[2], "name_ar": name_ar, "name_en": name_en}
    made = typst.compile(
        str(POSTER_FOLDER / "poster.typ"), root=str(POSTER_FOLDER), font_paths=[str(FONTS)], ignore_system_fonts=True,
        sys_inputs=said,
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made
