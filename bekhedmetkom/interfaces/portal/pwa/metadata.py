"""Metadata of the installed app: manifest and app links."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.access_control import audience

ICON_SIZES = (192, 512)
THEME_COLOUR, BACKGROUND_COLOUR = "#0B5D57", "#FAF7F2"


@audience("public")
@require_safe
@cache_control(max_age=3600)
def show_manifest(request: HttpRequest) -> JsonResponse:
    """Return the web app manifest in the URL's language."""
    return JsonResponse(_build_manifest(), content_type="application/manifest+json")


def _build_manifest() -> dict[str, Any]:
    language = get_language() or "ar"
    home = reverse("portal:home")
    return {
        "id": home,
        "name": gettext("بخدمتكم: تواصل مع حكومتك"),
        "short_name": gettext("بخدمتكم"),
        "description": gettext(
            "سؤال أو شكوى أو اقتراح أو ثناء: يصل إلى الجهة المسؤولة، ويصلك الرد في موعد معلن."
        ),
        "lang": language,
        "dir": "rtl" if language == "ar" else "ltr",
        "start_url": home,
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME_COLOUR,
        "background_color": BACKGROUND_COLOUR,
        "categories": ["government"],
        "icons": [
            {
                "src": static(f"ui/icon-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size in ICON_SIZES
            for purpose in ("any", "maskable")
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
    }


APP_LINK_PATHS = ("/", "/new", "/new/*", "/track", "/mine", "/c/*", "/entities/*")
EXCLUDED_PATHS = ("/desk*", "/manage*", "/sign-in*", "/api/*", "/webhooks/*", "/confidential")


@audience("public")
@require_safe
@cache_control(max_age=3600)
def show_android_links(request: HttpRequest) -> JsonResponse:
    """Return `assetlinks.json`: the app's package and signing fingerprints."""
    if not (settings.ANDROID_APP and settings.ANDROID_FINGERPRINTS):
        raise Http404
    target = {
        "namespace": "android_app",
        "package_name": settings.ANDROID_APP,
        "sha256_cert_fingerprints": settings.ANDROID_FINGERPRINTS,
    }
    content = [{"relation": ["delegate_permission/common.handle_all_urls"], "target": target}]
    return JsonResponse(content, safe=False)


@audience("public")
@require_safe
@cache_control(max_age=3600)
def show_apple_links(request: HttpRequest) -> JsonResponse:
    """Return `apple-app-site-association`: the app and the URLs it opens, without officers' pages."""
    if not settings.APPLE_APP:
        raise Http404
    roots = ("", "/en")
    excluded = [{"/": f"{root}{path}", "exclude": True} for root in roots for path in EXCLUDED_PATHS]
    included = [{"/": f"{root}{path}"} for root in roots for path in APP_LINK_PATHS]
    content: dict[str, Any] = {
        "applinks": {"details": [{"appIDs": [settings.APPLE_APP], "components": excluded + included}]}
    }
    return JsonResponse(content)
