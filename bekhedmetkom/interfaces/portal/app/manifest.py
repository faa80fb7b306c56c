"""How telephones install the portal, one app in each language, and what they may hand to it."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.audience import audience

SIZES = (192, 512)
TEAL, SAND = "#0B5D57", "#FAF7F2"


@audience("public")
@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """The web app manifest, in the language of its address."""
    return JsonResponse(_manifest(), content_type="application/manifest+json")


def _manifest() -> dict[str, Any]:
    language = get_language() or "ar"
    home = reverse("portal:home")
    return {
        "id": home,
        "name": gettext("بخدمتكم: تواصل مع حكومتك"),
        "short_name": gettext("بخدمتكم"),
        "description": gettext("سؤال أو شكوى أو اقتراح أو ثناء: يصل إلى الجهة المسؤولة، ويصلك الرد في موعد معلن."),
        "lang": language,
        "dir": "rtl" if language == "ar" else "ltr",
        "start_url": home,
        "scope": "/",
        "display": "standalone",
        "theme_color": TEAL,
        "background_color": SAND,
        "categories": ["government"],
        "icons": [
            {"src": static(f"look/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": way}
            for size in SIZES
            for way in ("any", "maskable")
        ],
        "shortcuts": [
            {"name": name, "url": reverse(route)}
            for name, route in (
                (gettext("طلب جديد"), "portal:new"),
                (gettext("تتبّع طلبك"), "portal:track"),
                (gettext("كل طلباتي"), "portal:mine"),
            )
        ],
        "share_target": {
            "action": reverse("portal:shared"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {
                "title": "title",
                "text": "text",
                "url": "url",
                "files": [{"name": "file", "accept": ["image/*", "application/pdf", "video/*", "audio/*"]}],
            },
        },
    }  # fmt: skip
