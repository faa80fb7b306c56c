"""The document says what the API does, all of it, and nothing that it does not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.cases.rules.actions import ACTIONS
from bekhedmetkom.interfaces.api import problems
from bekhedmetkom.interfaces.api.urls import get_openapi_document

CALLS = [
    (path, method, call)
    for path, methods in get_openapi_document()["paths"].items()
    for method, call in methods.items()
]
DIRECTORY = {
    ("get", "/kinds"), ("get", "/entities"), ("get", "/entities/{code}"), ("get", "/entities/{code}/services"),
    ("get", "/governorates"), ("post", "/suggest"), ("get", "/indicators"), ("get", "/indicators/definition"),
}  # fmt: skip
CASES = {
    ("post", "/uploads"), ("post", "/cases"), ("get", "/cases/{reference}"), ("get", "/push"),
    *(
        ("post", f"/cases/{{reference}}/{verb}")
        for verb in ("messages", "attachments", "rating", "appeal", "withdraw", "subscribe")
    ),
}  # fmt: skip
DESK = {
    ("get", "/desk/cases"), ("get", "/desk/cases/{reference}"),
    *(("post", f"/desk/cases/{{reference}}/{verb}") for verb in (*ACTIONS, "undo")),
}  # fmt: skip

WEBHOOKS = {
    ("get", "/webhooks"), ("post", "/webhooks"), ("post", "/webhooks/{subscription}/secret"),
    ("post", "/webhooks/{subscription}/end"), ("get", "/webhooks/{subscription}/parked"),
    ("post", "/webhooks/deliveries/{delivery}/again"),
}  # fmt: skip


def test_it_is_openapi_3_1_and_found_where_it_should_be(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["openapi"] == "3.1.0"


def test_it_lists_these_addresses_and_no_others() -> None:
    assert {
        (method, path.removeprefix("/api/v1")) for path, method, _ in CALLS
    } == DIRECTORY | CASES | DESK | WEBHOOKS


@pytest.mark.parametrize(("path", "method", "call"), CALLS, ids=[call["operationId"] for *_, call in CALLS])
def test_each_call_is_described_in_both_languages_with_all_its_refusals(
    path: str, method: str, call: dict[str, Any]
) -> None:
    assert call["description"] and call["x-description-ar"]
    refusals = {int(status): said for status, said in call["responses"].items() if int(status) >= 400}
    assert get_expected_statuses(path, method, call) <= refusals.keys()
    for status, said in refusals.items():
        slugs = said["description"].partition(": ")[2].split(", ")
        assert {problems.PROBLEM_TYPES[slug].status for slug in slugs} == {status}
        assert len(set(slugs)) == len(slugs)
        assert list(said["content"]) == ["application/problem+json"]


def get_expected_statuses(path: str, method: str, call: dict[str, Any]) -> set[int]:
    found = {500, 503}
    if "{" in path:
        found |= {404}
    if "requestBody" in call:
        found |= {400, 413, 422}
        found |= {415} if "application/json" in call["requestBody"]["content"] else set()
    if "/desk/" in path:
        found |= {401, 403} | ({409, 428} if method == "post" else set())
        assert call["security"] == [{"OfficerToken": []}, {"OfficerSession": []}]
    elif "/webhooks" in path:
        found |= {401, 403, 429}
        assert call["security"] == [{"ProgramKey": []}]
    elif "{reference}" in path:
        found |= {429} | ({400, 409} if method == "post" else set())
    return found


def test_headers_that_are_needed_are_named() -> None:
    named = {
        call["operationId"]: {given["name"]: given["required"] for given in call["parameters"]}
        for *_, call in CALLS
    }
    assert named["submit"]["Idempotency-Key"] is True
    assert named["case"]["X-Access-Code"] is True
    assert named["desk_assign"]["If-Match"] is True


def test_every_reference_leads_somewhere() -> None:
    schemas = get_openapi_document()["components"]["schemas"]
    found = {ref.removeprefix("#/components/schemas/") for ref in iterate_references(get_openapi_document())}
    assert found
    assert found - schemas.keys() == set()


def iterate_references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from iterate_references(value)
    elif isinstance(node, list):
        for value in node:
            yield from iterate_references(value)
