"""Every spot of the API into which somebody can put a value: found in its own document."""

import json
from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any

from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.verbs import VERBS
from bekhedmetkom.identity.commands.programs import create_client, issue_token
from bekhedmetkom.interfaces.api.urls import document
from bekhedmetkom.kernel.actor import Actor
from tests.interfaces.api.stages import answered, stage
from tests.personas import NOON, POTHOLE, Jordan
from tests.push_service import SUBSCRIPTION
from tests.ugly import JSON, Bad

from .places import LONGEST_ADDRESS, Place, Visitor, arguments, filled_in, in_headers, once, quoted

_keys = count(1)


def api(jordan: Jordan) -> list[Place]:
    """Everything of the document: parts of addresses, queries, headers, and the fields of bodies."""

    def places() -> Iterator[Place]:
        for path, methods in document()["paths"].items():
            for method, call in methods.items():
                visitor, good, body = _caller(jordan, path)
                pattern = path.removeprefix("/").replace("{", "<").replace("}", ">")
                address = f"/{filled_in(pattern, good)}"
                yield from arguments(visitor, "", pattern, good)
                yield from _of_the_document(visitor, method, address, call, body)
        visitor, good, body = _caller(jordan, "/api/v1/desk/cases/{reference}/note")
        yield from in_headers(visitor, f"/api/v1/desk/cases/{good['reference']}/note", "post")
        yield from arguments(visitor, "/api/v1", "<anything>", {})

    return once(places())


def _caller(jordan: Jordan, path: str) -> tuple[Visitor, dict[str, str], Any]:
    """Who may call this path, the parts of its address, and a good body."""
    last = path.rsplit("/", 1)[1]
    visitor, good = Visitor(), {"code": "GAM"}
    if path.startswith("/api/v1/desk"):
        verb = last if last in VERBS else "note"
        case, body = stage(jordan, verb)
        visitor.headers |= {
            "Authorization": f"Bearer {_token(_who_may(jordan, verb))}", "If-Match": f'"{case.seq}"'
        }  # fmt: skip
        return visitor, good | {"reference": case.reference}, body
    if path.startswith("/api/v1/webhooks"):
        visitor.headers["Authorization"] = f"Bearer {_key_of_a_program(jordan)}"
        good |= {"subscription": "1", "delivery": "1"}
        return visitor, good, {"url": "https://93.184.215.14/told"} if last == "webhooks" else None
    taken = jordan.submit()
    if last in ("rating", "appeal"):
        answered(jordan, Case.objects.get(pk=taken.case))
    visitor.headers |= {
        "X-Access-Code": taken.access_code,
        "Idempotency-Key": f"a-key-of-this-table-{next(_keys):06}",
    }
    return visitor, good | {"reference": taken.reference}, BODIES_OF_THE_API.get(last)


BODIES_OF_THE_API: dict[str, Any] = {
    "cases": {
        "kind": "complaint", "text": POTHOLE, "entity": "GAM", "lat": 31.9, "lng": 35.9,
        "applicant": {"name": "سامر عواد", "phone": "0791234567"}, "about": {}, "on_behalf_of": {},
    },
    "suggest": {"text": POTHOLE}, "subscribe": SUBSCRIPTION,
    "messages": {"text": "معلومة"}, "rating": {"solved": True, "stars": 3}, "appeal": {"reason": "لم يُحل"},
}  # fmt: skip


def _who_may(jordan: Jordan, verb: str) -> Actor:
    people = {
        "decide": jordan.reviewer, "reveal": jordan.pm, "extend": jordan.manager, "instruct": jordan.head,
        "ask-head": jordan.pm, "delegate": jordan.minister, "approve": jordan.approver,
        "send-back": jordan.approver,
    }  # fmt: skip
    return people.get(verb, jordan.main)


def _key_of_a_program(jordan: Jordan) -> str:
    return create_client(
        name=f"نظام {next(_keys)}", scopes=["webhooks"], actor=jordan.administrator, at=NOON
    ).key


def _token(officer: Actor) -> str:
    return issue_token(officer=officer.officer_id or 0, scopes=["desk"], actor=officer, at=NOON)


def _of_the_document(
    visitor: Visitor, method: str, address: str, call: dict[str, Any], body: Any
) -> Iterator[Place]:
    for parameter in call.get("parameters", []):
        name = parameter["name"]
        if parameter["in"] == "query":

            def ask(bad: Bad, name: str = name) -> Any:
                return visitor.ask(method, f"{address}?{name}={quoted(bad.value, LONGEST_ADDRESS)}")

            yield Place(f"{method} {address}: ?{name}=", ask)
    content = call.get("requestBody", {}).get("content", {})
    if JSON not in content:
        return
    for field_path in _fields(content[JSON]["schema"]):

        def send(bad: Bad, field_path: tuple[str, ...] = field_path) -> Any:
            return visitor.ask(method, address, _spoilt(body or {}, field_path, bad), JSON)

        whole = partial(visitor.ask, method, address)
        yield Place(f"{method} {address}: {'.'.join(field_path)}", send, whole=whole)


def _fields(schema: dict[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all fields of a schema, those of its objects too."""
    if "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    for option in schema.get("anyOf", ()):
        yield from _fields(option, before)
    for name, inner in schema.get("properties", {}).items():
        yield (*before, name)
        yield from _fields(inner, (*before, name))


def _spoilt(body: dict[str, Any], path: tuple[str, ...], bad: Bad) -> bytes:
    """The body with one field's value replaced; a value of bytes stands there as it is, unquoted or half a text."""
    mark = "\x00here\x00"

    def put(inner: Any, names: tuple[str, ...]) -> Any:
        if not names:
            return mark
        return (inner or {}) | {names[0]: put((inner or {}).get(names[0]), names[1:])}

    value = bad.value if isinstance(bad.value, bytes) else json.dumps(bad.value).encode()
    return json.dumps(put(body, path)).encode().replace(json.dumps(mark).encode(), value)
