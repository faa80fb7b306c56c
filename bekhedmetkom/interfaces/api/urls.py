"""Addresses below `/api/v1`; the endpoints register themselves when they are imported."""

from functools import cache
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.access_control import audience

from .api import api
from .case_actions import CASE_ACTIONS
from .endpoints import citizen_cases, desk_cases, directory, indicators, uploads, webhooks
from .openapi import complete_document

PREFIX = "api/v1/"
ENDPOINT_MODULES = (directory, indicators, uploads, citizen_cases, desk_cases, webhooks)


@cache
def get_openapi_document() -> dict[str, Any]:
    """The OpenAPI 3.1 document; it only changes with the code."""
    bodies = {verb.body for verb in CASE_ACTIONS.values() if verb.body}
    return complete_document(
        dict(api.get_openapi_schema(path_prefix=PREFIX)), sorted(bodies, key=lambda body: body.__name__)
    )


@audience("public")
@require_safe
def show_openapi_document(request: HttpRequest) -> JsonResponse:
    """The document for programs."""
    return JsonResponse(get_openapi_document(), json_dumps_params={"ensure_ascii": False})


app_name = "api"
_endpoints = [pattern for pattern in api.urls[0] if getattr(pattern, "name", "") != "api-root"]
urlpatterns = [
    # Looked through from the first on.
    *sorted(_endpoints, key=lambda endpoint: getattr(endpoint, "name", "") != "submit"),
    path("openapi.json", show_openapi_document, name="openapi"),
]
