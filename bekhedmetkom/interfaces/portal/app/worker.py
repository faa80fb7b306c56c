"""The service worker, put together from its parts; a new version whenever what it keeps has another name or text."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.audience import audience

PARTS = ("work", "outbox", "worker")
FONTS = (("arabic", 400), ("arabic", 600), ("arabic", 700), ("latin", 400), ("latin", 600))
SHELL = (
    "look/tokens.css", "look/components.css", "look/portal.css", "look/print.css", "look/band.svg", "look/mark.svg",
    "portal/app.js", "portal/work.js", "portal/outbox.js",
    "portal/offline.js", "portal/place.js", "portal/governorates.json", "portal/waiting.js",
    *(f"look/fonts/ibm-plex-sans-arabic-{script}-{weight}-normal.woff2" for script, weight in FONTS),
)  # fmt: skip
PAGES = ("portal:offline", "portal:write-offline", "portal:waiting")

_SOURCES = Path(__file__).parent.parent / "static" / "portal"
_TEMPLATES = Path(__file__).parent.parent / "templates" / "portal" / "app"
_WORDS = Path(settings.LOCALE_PATHS[0])


@audience("public")
@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """`/sw.js`: at the root, because a worker rules over what lies below it."""
    return HttpResponse(script(), content_type="text/javascript; charset=utf-8")


@cache
def script() -> str:
    """All of it, without its comments."""
    shell = [static(name) for name in SHELL]
    for language, _name in settings.LANGUAGES:
        with override(language):
            shell += [reverse(name) for name in PAGES]
    parts = [(_SOURCES / f"{name}.js").read_text("utf-8") for name in PARTS]
    said = [*sorted(_TEMPLATES.iterdir()), *sorted(_WORDS.rglob("*.mo"))]
    version = sha256(
        "\0".join([*shell, *parts]).encode() + b"".join(file.read_bytes() for file in said)
    ).hexdigest()[:12]
    first = f'const CACHE = "bekhedmetkom-{version}", SHELL = {json.dumps(shell, separators=(",", ":"))};'
    lines = [line.partition(" // ")[0].strip() for part in parts for line in part.splitlines()]
    return "\n".join([first, *(line for line in lines if line and not line.startswith("//"))])
