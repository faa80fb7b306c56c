"""Liveness, readiness and metrics endpoints."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from bekhedmetkom.interfaces.access_control import audience

from . import checks


@audience("machine")
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@audience("machine")
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when everything that a citizen's case needs is there; else 503, naming what is not."""
    missing = checks.list_missing_parts()
    return JsonResponse({"ready": not missing, "missing": missing}, status=503 if missing else 200)


@audience("machine")
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text form, for who holds the token; for anyone else there is no such page."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(shown.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    lines = [f"bekhedmetkom_{name} {value}" for name, value in checks.collect_metrics().items()]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")
