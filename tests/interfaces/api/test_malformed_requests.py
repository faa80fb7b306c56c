"""Whatever is sent, the answer is never 500 and never HTML: refusals are problem details, in the caller's language."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bekhedmetkom.cases import commands
from bekhedmetkom.interfaces.api import problems
from bekhedmetkom.interfaces.api.urls import get_openapi_document
from bekhedmetkom.kernel.actor import Actor
from tests.personas import Jordan

from .api_client import ApiClient, get_problem_slug, list_error_fields, parse_problem
from .case_stages import ACTION_BODIES, create_assigned_case

KEY = {"Idempotency-Key": "a-key-of-sixteen-characters"}
CASE = {"kind": "complaint", "text": "حفرة في الشارع", "entity": "GAM"}


def send_raw(
    body: bytes, content_type: str = "application/json", path: str = "/api/v1/cases", **headers: str
) -> Any:
    client = Client(raise_request_exception=False)
    return client.post(path, body, content_type, headers=KEY | headers)


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"\xff\xfe", b'{"text": "\xe9"}', b"nonsense", b"{'kind': 1}", b"[" * 100_000, b'{"a":' * 50_000, b"\x00",
        b"1" * 5000, "﻿{}".encode(), json.dumps(CASE).encode("utf-16"),
    ],
    ids=lambda body: repr(body[:12]),
)  # fmt: skip
def test_what_is_no_json_is_malformed(body: bytes, jordan: Jordan) -> None:
    answer = send_raw(body)
    assert (answer.status_code, get_problem_slug(answer)) == (400, "malformed-request")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"7", b'"text"', b"true", b"{}", b"1e999", b"NaN"])
def test_what_is_no_case_is_invalid(body: bytes, jordan: Jordan) -> None:
    answer = send_raw(body)
    assert (answer.status_code, get_problem_slug(answer)) == (422, "invalid")


@pytest.mark.parametrize(
    "content_type",
    [
        "", "text/plain", "text/html", "application/xml", "application/x-www-form-urlencoded", "json",
        "multipart/form-data; boundary=x",
    ],
)  # fmt: skip
def test_only_json_is_read(content_type: str, jordan: Jordan) -> None:
    answer = send_raw(json.dumps(CASE).encode(), content_type)
    assert (answer.status_code, get_problem_slug(answer)) == (415, "not-json")


def test_json_may_name_its_charset(jordan: Jordan) -> None:
    assert send_raw(json.dumps(CASE).encode(), "application/json; charset=utf-8").status_code == 201


def test_a_megabyte_is_too_much(jordan: Jordan) -> None:
    answer = send_raw(json.dumps(CASE | {"text": "a" * 1_000_000}).encode())
    assert (answer.status_code, get_problem_slug(answer)) == (413, "too-large")


@pytest.mark.parametrize("field", ["text", "title", "address"])
def test_nul_bytes_are_no_text(field: str, jordan: Jordan, anyone: ApiClient) -> None:
    taken = anyone.submit_case(**{field: "حفرة\x00 في\x00 الشارع"}).json()
    assert "\x00" not in json.dumps(
        anyone.with_access_code(taken).get(f"/cases/{taken['reference']}").json(), ensure_ascii=False
    )


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"text": "\ud800"}, ["text"]),
        ({"title": "a\udfff"}, ["title"]),
        ({"applicant": {"name": "س\ud83d"}}, ["applicant.name"]),
        ({"entity": "\ud800"}, ["entity"]),
        ({"entity": "\x00"}, ["entity"]),
        ({"\ud800": 1}, ["body"]),
        ({"applicant": {"phone": "\x00079"}}, ["applicant.phone"]),
    ],
)
def test_halves_of_characters_are_refused(body: dict[str, Any], wrong: list[str], jordan: Jordan) -> None:
    answer = send_raw(json.dumps(CASE | body).encode())
    assert (answer.status_code, list_error_fields(answer)) == (422, wrong)


@pytest.mark.parametrize("verb", ["classify", "assign", "concern"])
def test_a_verb_that_wants_one_of_several_says_so_to_who_sends_nothing(
    verb: str, jordan: Jordan, of: Callable[[Actor], ApiClient]
) -> None:
    """Found by the whole ugly round: an empty body was a fault of ours."""
    case = create_assigned_case(jordan)
    main = of(jordan.main)
    refused = main.client.post(
        f"/api/v1/desk/cases/{case.reference}/{verb}",
        "",
        "application/json",
        headers=main.headers | {"If-Match": f'"{case.seq}"'},
    )
    assert (refused.status_code, list_error_fields(refused)) == (422, ["body"])


@pytest.mark.parametrize("channel", ["\x00", "\x7f", "a b", "بوابة", "x" * 21])
def test_a_channel_is_a_plain_word(channel: str, jordan: Jordan, of: Callable[[Actor], ApiClient]) -> None:
    refused = of(jordan.main).get("/desk/cases", channel=channel)
    assert (refused.status_code, list_error_fields(refused)) == (422, ["channel"])


@pytest.mark.parametrize(
    "path",
    [
        "", "nothing", "cases/", "kinds/", "desk", "desk/cases/BK-0000-0000/destroy", "problems/none", "entities/a/b/c",
        "%00", "\u0627", "../desk", "docs/", "openapi.yaml",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_address_is_a_problem_too(path: str, method: str, jordan: Jordan) -> None:
    answer = getattr(Client(raise_request_exception=False), method)(f"/api/v1/{path}")
    assert (answer.status_code, get_problem_slug(answer)) == (404, "not-found")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", ["kinds", "cases", "cases/BK-0000-0000", "desk/cases", "openapi.json"])
def test_a_wrong_method_is_named_with_the_right_ones(path: str, method: str, jordan: Jordan) -> None:
    answer = getattr(Client(raise_request_exception=False), method)(f"/api/v1/{path}")
    assert (answer.status_code, get_problem_slug(answer)) == (405, "method-not-allowed")
    assert answer.headers["Allow"]


@pytest.mark.parametrize(
    ("asked", "language"),
    [("", "ar"), ("ar", "ar"), ("en", "en"), ("en-GB,en;q=0.9", "en"), ("fr", "ar"), ("xx;q=nonsense", "ar")],
)  # fmt: skip
def test_refusals_speak_the_callers_language(asked: str, language: str, jordan: Jordan) -> None:
    for answer in (
        send_raw(b"{}", **{"Accept-Language": asked}),
        Client().get("/api/v1/nothing", headers={"Accept-Language": asked}),
        Client().get("/api/v1/desk/cases", headers={"Accept-Language": asked}),
    ):
        said = parse_problem(answer)
        assert answer.headers["Content-Language"] == language
        sort = problems.PROBLEM_TYPES[get_problem_slug(answer)]
        assert said["title"] == sort.title.in_language(language)
        assert said["detail"].isascii() == (language == "en")


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(
    jordan: Jordan, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(**_: Any) -> None:
        raise RuntimeError("سامر عواد 0791234567")

    monkeypatch.setattr(commands, "submit_case", fails)
    answer = send_raw(json.dumps(CASE).encode())
    assert (answer.status_code, get_problem_slug(answer)) == (500, "our-fault")
    assert "0791234567" not in answer.content.decode()
    assert "api:submit failed" in [record.getMessage() for record in caplog.records]


def test_a_database_that_is_away_is_not_a_fault(jordan: Jordan, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(commands, "submit_case", away)
    answer = send_raw(json.dumps(CASE).encode())
    assert (answer.status_code, get_problem_slug(answer)) == (503, "unavailable")
    assert answer.headers["Retry-After"]


# Anything at all, sent everywhere

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)  # halves of characters too
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=8,
)
CALLS = [(path, method) for path, methods in get_openapi_document()["paths"].items() for method in methods]
BODIES: dict[str, Any] = {
    "cases": CASE | {"applicant": {"name": "سامر عواد", "phone": "0791234567"}, "lat": 31.9, "lng": 35.9},
    "suggest": {"text": "حفرة", "kind": "complaint"},
    "messages": {"text": "معلومة"}, "rating": {"solved": True, "stars": 3}, "appeal": {"reason": "لم يُحل"},
}  # fmt: skip


def list_schema_fields(path: str, method: str) -> list[str]:
    """The names that a body of this call may have, by the document."""
    content = get_openapi_document()["paths"][path][method].get("requestBody", {}).get("content", {})
    if "application/json" not in content:  # nothing, or a file
        return []
    name = content["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    return list(get_openapi_document()["components"]["schemas"][name]["properties"])


@st.composite
def draw_request(draw: st.DrawFn) -> tuple[str, str, Any, dict[str, str]]:
    """A call of the document with any values in its path, its query and its body's fields, or any body at all."""
    path, method = draw(st.sampled_from(CALLS))
    known = list_schema_fields(path, method)
    good = BODIES.get(path.rsplit("/", 1)[1], ACTION_BODIES.get(path.rsplit("/", 1)[1]) or {})
    spoilt = st.dictionaries(st.sampled_from(known), ANY_JSON, max_size=3) if known else st.just({})
    body = draw(ANY_JSON | spoilt | spoilt.map(lambda wrong: good | wrong))
    names = [
        given["name"]
        for given in get_openapi_document()["paths"][path][method]["parameters"]
        if given["in"] == "query"
    ]
    query = draw(st.dictionaries(st.sampled_from(names), ANY_TEXT, max_size=3)) if names else {}
    return (
        path,
        method,
        body,
        {name: value.encode("utf-8", "replace").decode() for name, value in query.items()},
    )


@given(draw_request(), st.text(max_size=12), st.sampled_from(['"2"', "", "x"]))
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_nothing_that_is_sent_breaks_it(
    jordan: Jordan,
    of: Callable[[Actor], ApiClient],
    sent: tuple[str, str, Any, dict[str, str]],
    code: str,
    seen: str,
) -> None:
    path, method, body, query = sent
    case = create_assigned_case(jordan)
    program = of(jordan.main)
    program.client.raise_request_exception = False
    program.headers |= {"If-Match": seen, "X-Access-Code": code.encode("utf-8").decode("latin-1"), **KEY}
    address = path.removeprefix("/api/v1").format(
        reference=case.reference, code=code, subscription=1, delivery=1
    )

    answer = program.get(address, **query) if method == "get" else program.post(address, body)

    assert answer.status_code < 500, (address, body)
    if answer.status_code >= 400:
        parse_problem(answer)
    else:
        assert answer.headers["Content-Type"].startswith("application/json")
        answer.content.decode("utf-8")
