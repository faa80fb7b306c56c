"""What the stores' apps are proven by: links to the portal open in them, because the portal itself names them."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.audience import audience

OPENED = ("/", "/new", "/new/*", "/track", "/mine", "/c/*", "/entities/*")
NEVER = ("/desk*", "/manage*", "/sign-in*", "/api/*", "/webhooks/*", "/confidential")


@audience("public")
@require_safe
@cache_control(max_age=3600)
def android(request: HttpRequest) -> JsonResponse:
    """`assetlinks.json`: the app's package with the fingerprints of the keys that sign it."""
    if not (settings.ANDROID_APP and settings.ANDROID_FINGERPRINTS):
        raise Http404
    target = {
        "namespace": "android_app",
        "package_name": settings.ANDROID_APP,
        "sha256_cert_fingerprints": settings.ANDROID_FINGERPRINTS,
    }
    said = [{"relation": ["delegate_permission/common.handle_all_urls"], "target": target}]
    return JsonResponse(said, safe=False)


@audience("public")
@require_safe
@cache_control(max_age=3600)
def apple(request: HttpRequest) -> JsonResponse:
    """`apple-app-site-association`: TEAM.BUNDLE, and which addresses it opens. An officer's never."""
    if not settings.APPLE_APP:
        raise Http404
    roots = ("", "/en")
    shut = [{"/": f"{root}{path}", "exclude": True} for root in roots for path in NEVER]
    opened = [{"/": f"{root}{path}"} for root in roots for path in OPENED]
    said: dict[str, Any] = {
        "applinks": {"details": [{"appIDs": [settings.APPLE_APP], "components": shut + opened}]}
    }
    return JsonResponse(said)
