"""Schemathesis reads the document and sends what it allows and what it does not: the API keeps every word of it.

Each call as a program that nobody knows, and as one with an officer's token, an access code and what else it needs.
`BK_UGLY=20` tries twenty times as many.
"""

import os
from collections.abc import Callable
from typing import Any

import schemathesis
from django.db import transaction
from django.test.client import ClientHandler
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bekhedmetkom.kernel.actor import Actor
from tests.personas import Jordan

from .api_client import ApiClient
from .case_stages import create_assigned_case

EXAMPLES = 3 * (int(ugly) if (ugly := os.environ.get("BK_UGLY", "1")).isdecimal() else 100)
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip
# Its phase "coverage" sends some hundred requests to each address: not in the suite.
PHASES = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": "BK_UGLY" in os.environ}}})
_handler = ClientHandler()


def serve_platform(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """As a WSGI server would have it, in this test's own transaction."""
    answer: Any = _handler(environ)
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.headers.items()))
    return [answer.content]


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", serve_platform, config=PHASES)
QUICK = settings(
    max_examples=EXAMPLES, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@schema.parametrize()
@QUICK
def test_anyone(case: Any, jordan: Jordan) -> None:
    check_response(case, {})


@schema.parametrize()
@QUICK
def test_who_may(case: Any, jordan: Jordan, of: Callable[[Actor], ApiClient]) -> None:
    citizens = jordan.submit()
    theirs = create_assigned_case(jordan)
    headers = of(jordan.main).headers | {"X-Access-Code": citizens.access_code, "If-Match": f'"{theirs.seq}"'}
    if "reference" in case.path_parameters and case.meta:
        desk = "/desk/" in case.path
        case.path_parameters["reference"] = theirs.reference if desk else citizens.reference
        if not desk:
            headers.pop("Authorization")
    check_response(case, headers)


def check_response(case: Any, headers: dict[str, str]) -> None:
    with transaction.atomic():
        case.call_and_validate(headers=headers, checks=CHECKS)
        transaction.set_rollback(True)
