"""The API as django-ninja runs it: how bodies are read, answers written and refusals answered."""

import json
from functools import partial
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from . import exception_handlers, problems
from .problems import Problem


class JsonBody(Parser):
    """JSON in UTF-8 and nothing else."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise Problem(problems.NOT_JSON)
        return json.loads(request.body.decode("utf-8"))


class Utf8Renderer(JSONRenderer):
    """Arabic as it is written, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """For views that take an answer to fill; made when one does, not for each request."""
        return cast(HttpResponse, SimpleLazyObject(partial(super().create_temporal_response, request)))

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Short, and the same as long as the address is: for programs that generate a client."""
        return operation.url_name.replace("-", "_")


api = Api(
    title="Bekhedmetkom",
    version="1",
    description=(
        "Bring a case to any public body of Jordan and follow it; work on cases from a body's own system. "
        "JSON in UTF-8; times as in RFC 3339 with a zone; what is refused is problem details (RFC 9457), "
        "in Arabic or English by Accept-Language; lists are `{items, next}`."
    ),
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    parser=JsonBody(),
    renderer=Utf8Renderer(),
)
for _kind in exception_handlers.PROBLEM_BY_EXCEPTION:
    api.add_exception_handler(_kind, cast(Any, exception_handlers.handle_exception))
