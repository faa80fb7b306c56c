"""Addresses below `/api/v1`; the endpoints register themselves when they are imported."""

from functools import cache
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.audience import audience

from . import cases, desk, directory, indicators, uploads, webhooks
from .api import api
from .openapi import completed
from .verbs import VERBS

PREFIX = "api/v1/"
ENDPOINTS = (directory, indicators, uploads, cases, desk, webhooks)


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document; it only changes with the code."""
    bodies = {verb.body for verb in VERBS.values() if verb.body}
    return completed(
        dict(api.get_openapi_schema(path_prefix=PREFIX)), sorted(bodies, key=lambda body: body.__name__)
    )


@audience("public")
@require_safe
def openapi_json(request: HttpRequest) -> JsonResponse:
    """The document for programs."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


app_name = "api"
_endpoints = [pattern for pattern in api.urls[0] if getattr(pattern, "name", "") != "api-root"]
urlpatterns = [
    # Looked through from the first on.
    *sorted(_endpoints, key=lambda endpoint: getattr(endpoint, "name", "") != "submit"),
    path("openapi.json", openapi_json, name="openapi"),
]
