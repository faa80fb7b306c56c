"""Every spot of the API into which somebody can put a value: found in its own document."""

import json
from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any

from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.actions import ACTIONS
from bekhedmetkom.identity.commands.api_clients import create_client, issue_token
from bekhedmetkom.interfaces.api.urls import get_openapi_document
from bekhedmetkom.kernel.actor import Actor
from tests.fakes.push_service import SUBSCRIPTION
from tests.hostile_values import JSON, HostileValue
from tests.interfaces.api.case_stages import create_answered_case, create_case_for_action
from tests.personas import NOON, POTHOLE, Jordan

from .input_points import (
    MAX_URL_BYTES,
    InputPoint,
    Visitor,
    fill_path,
    list_header_inputs,
    list_path_arguments,
    quote_value,
    remove_duplicates,
)

_keys = count(1)


def list_api_inputs(jordan: Jordan) -> list[InputPoint]:
    """Everything of the document: parts of addresses, queries, headers, and the fields of bodies."""

    def places() -> Iterator[InputPoint]:
        for path, methods in get_openapi_document()["paths"].items():
            for method, call in methods.items():
                visitor, good, body = _get_caller(jordan, path)
                pattern = path.removeprefix("/").replace("{", "<").replace("}", ">")
                address = f"/{fill_path(pattern, good)}"
                yield from list_path_arguments(visitor, "", pattern, good)
                yield from _list_document_inputs(visitor, method, address, call, body)
        visitor, good, body = _get_caller(jordan, "/api/v1/desk/cases/{reference}/note")
        yield from list_header_inputs(visitor, f"/api/v1/desk/cases/{good['reference']}/note", "post")
        yield from list_path_arguments(visitor, "/api/v1", "<anything>", {})

    return remove_duplicates(places())


def _get_caller(jordan: Jordan, path: str) -> tuple[Visitor, dict[str, str], Any]:
    """Who may call this path, the parts of its address, and a good body."""
    last = path.rsplit("/", 1)[1]
    visitor, good = Visitor(), {"code": "GAM"}
    if path.startswith("/api/v1/desk"):
        verb = last if last in ACTIONS else "note"
        case, body = create_case_for_action(jordan, verb)
        visitor.headers |= {
            "Authorization": f"Bearer {_create_token(_get_actor(jordan, verb))}", "If-Match": f'"{case.seq}"'
        }  # fmt: skip
        return visitor, good | {"reference": case.reference}, body
    if path.startswith("/api/v1/webhooks"):
        visitor.headers["Authorization"] = f"Bearer {_create_api_key(jordan)}"
        good |= {"subscription": "1", "delivery": "1"}
        return visitor, good, {"url": "https://93.184.215.14/told"} if last == "webhooks" else None
    taken = jordan.submit()
    if last in ("rating", "appeal"):
        create_answered_case(jordan, Case.objects.get(pk=taken.case))
    visitor.headers |= {
        "X-Access-Code": taken.access_code,
        "Idempotency-Key": f"a-key-of-this-table-{next(_keys):06}",
    }
    return visitor, good | {"reference": taken.reference}, API_BODIES.get(last)


API_BODIES: dict[str, Any] = {
    "cases": {
        "kind": "complaint", "text": POTHOLE, "entity": "GAM", "lat": 31.9, "lng": 35.9,
        "applicant": {"name": "سامر عواد", "phone": "0791234567"}, "about": {}, "on_behalf_of": {},
    },
    "suggest": {"text": POTHOLE}, "subscribe": SUBSCRIPTION,
    "messages": {"text": "معلومة"}, "rating": {"solved": True, "stars": 3}, "appeal": {"reason": "لم يُحل"},
}  # fmt: skip


def _get_actor(jordan: Jordan, verb: str) -> Actor:
    people = {
        "decide": jordan.reviewer, "reveal": jordan.pm, "extend": jordan.manager, "instruct": jordan.head,
        "ask-head": jordan.pm, "delegate": jordan.minister, "approve": jordan.approver,
        "send-back": jordan.approver,
    }  # fmt: skip
    return people.get(verb, jordan.main)


def _create_api_key(jordan: Jordan) -> str:
    return create_client(
        name=f"نظام {next(_keys)}", scopes=["webhooks"], actor=jordan.administrator, at=NOON
    ).key


def _create_token(officer: Actor) -> str:
    return issue_token(officer=officer.officer_id or 0, scopes=["desk"], actor=officer, at=NOON)


def _list_document_inputs(
    visitor: Visitor, method: str, address: str, call: dict[str, Any], body: Any
) -> Iterator[InputPoint]:
    for parameter in call.get("parameters", []):
        name = parameter["name"]
        if parameter["in"] == "query":

            def ask(bad: HostileValue, name: str = name) -> Any:
                return visitor.request(method, f"{address}?{name}={quote_value(bad.value, MAX_URL_BYTES)}")

            yield InputPoint(f"{method} {address}: ?{name}=", ask)
    content = call.get("requestBody", {}).get("content", {})
    if JSON not in content:
        return
    for field_path in _iterate_field_paths(content[JSON]["schema"]):

        def send(bad: HostileValue, field_path: tuple[str, ...] = field_path) -> Any:
            return visitor.request(method, address, _replace_field(body or {}, field_path, bad), JSON)

        whole = partial(visitor.request, method, address)
        yield InputPoint(f"{method} {address}: {'.'.join(field_path)}", send, send_body=whole)


def _iterate_field_paths(schema: dict[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all fields of a schema, those of its objects too."""
    if "$ref" in schema:
        schema = get_openapi_document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    for option in schema.get("anyOf", ()):
        yield from _iterate_field_paths(option, before)
    for name, inner in schema.get("properties", {}).items():
        yield (*before, name)
        yield from _iterate_field_paths(inner, (*before, name))


def _replace_field(body: dict[str, Any], path: tuple[str, ...], bad: HostileValue) -> bytes:
    """The body with one field's value replaced; a value of bytes stands there as it is, unquoted or half a text."""
    mark = "\x00here\x00"

    def put(inner: Any, names: tuple[str, ...]) -> Any:
        if not names:
            return mark
        return (inner or {}) | {names[0]: put((inner or {}).get(names[0]), names[1:])}

    value = bad.value if isinstance(bad.value, bytes) else json.dumps(bad.value).encode()
    return json.dumps(put(body, path)).encode().replace(json.dumps(mark).encode(), value)
