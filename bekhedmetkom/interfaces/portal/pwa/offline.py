"""The service worker and the pages that work offline."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bekhedmetkom.attachments.rules import MAX_FILES
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.queries import get_governorates
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import get_local_date

from ..case_kinds import list_promised_kinds
from ..information.entities import group_by_sector
from ..new_case.answers import AUTO_ROUTE, NO_TOPIC

WORKER_SCRIPTS = ("proof_of_work", "pwa/outbox", "pwa/service_worker")
FONTS = (("arabic", 400), ("arabic", 600), ("arabic", 700), ("latin", 400), ("latin", 600))
SHELL_FILES = (
    "ui/tokens.css",
    "ui/components.css",
    "ui/portal.css",
    "ui/print.css",
    "ui/band.svg",
    "ui/mark.svg",
    "portal/pwa/app.js",
    "portal/proof_of_work.js",
    "portal/pwa/outbox.js",
    "portal/pwa/offline_form.js",
    "portal/new_case/location.js",
    "portal/new_case/governorates.json",
    "portal/pwa/outbox_page.js",
    *(f"ui/fonts/ibm-plex-sans-arabic-{script}-{weight}-normal.woff2" for script, weight in FONTS),
)
OFFLINE_PAGES = ("portal:offline", "portal:write-offline", "portal:waiting")

_SCRIPT_FOLDER = Path(__file__).parent.parent / "static" / "portal"
_TEMPLATE_FOLDER = Path(__file__).parent.parent / "templates" / "portal" / "pwa"
_LOCALE_FOLDER = Path(settings.LOCALE_PATHS[0])


@audience("public")
@require_safe
@cache_control(no_cache=True)
def show_service_worker(request: HttpRequest) -> HttpResponse:
    """Return `/sw.js`, at the root because a worker controls only URLs below its own."""
    return HttpResponse(build_service_worker(), content_type="text/javascript; charset=utf-8")


@cache
def build_service_worker() -> str:
    """Return the worker's script without comments. Its version is a hash of what it caches."""
    shell = [static(name) for name in SHELL_FILES]
    for language, _name in settings.LANGUAGES:
        with override(language):
            shell += [reverse(name) for name in OFFLINE_PAGES]
    parts = [(_SCRIPT_FOLDER / f"{name}.js").read_text("utf-8") for name in WORKER_SCRIPTS]
    sources = [*sorted(_TEMPLATE_FOLDER.iterdir()), *sorted(_LOCALE_FOLDER.rglob("*.mo"))]
    version = sha256(
        "\0".join([*shell, *parts]).encode() + b"".join(file.read_bytes() for file in sources)
    ).hexdigest()[:12]
    header = f'const CACHE = "bekhedmetkom-{version}", SHELL = {json.dumps(shell, separators=(",", ":"))};'
    lines = [line.partition(" // ")[0].strip() for part in parts for line in part.splitlines()]
    return "\n".join([header, *(line for line in lines if line and not line.startswith("//"))])


@audience("public")
@require_safe
def show_offline_page(request: HttpRequest) -> HttpResponse:
    """Show a page in place of one that cannot be fetched."""
    return render(request, "portal/pwa/offline.html")


@audience("public")
@require_safe
def show_offline_form(request: HttpRequest) -> HttpResponse:
    """Show a whole case on one page. Violations are not offered: a device must not store them."""
    at = clock.now()
    return render(
        request,
        "portal/pwa/offline_form.html",
        {
            "kinds": [kind for kind in list_promised_kinds(at) if kind.kind != Kind.VIOLATION],
            "sectors": group_by_sector(get_local_date(at)),
            "places": get_governorates().values(),
            "by_us": AUTO_ROUTE,
            "no_topic": NO_TOPIC,
            "most": MAX_FILES,
        },
    )


@audience("public")
@require_safe
def show_outbox(request: HttpRequest) -> HttpResponse:
    """Show the device's outbox: waiting, refused and submitted cases."""
    return render(request, "portal/pwa/outbox.html")
