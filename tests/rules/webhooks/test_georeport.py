"""Servers of other makers differ in format, envelope and types, and are understood; what is nonsense is said to be."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.webhooks.rules import georeport
from bekhedmetkom.webhooks.rules.georeport import PostReceipt, RemoteRequest, RemoteService, UnreadableAnswer

ONE = {"service_request_id": 638344, "status": "closed", "status_notes": "Duplicate request.", "lat": 31.9}
XML = b"""<?xml version="1.0" encoding="utf-8"?><service_requests><request>
<service_request_id>638344</service_request_id><status>closed</status>
<status_notes>Duplicate request.</status_notes><lat>31.9</lat><zipcode/></request></service_requests>"""
FOUND = RemoteRequest("638344", True, "Duplicate request.", "638344\nclosed\nDuplicate request.\n31.9")


@pytest.mark.parametrize(
    "body",
    [
        json.dumps([ONE]).encode(),
        json.dumps({"service_requests": [ONE]}).encode(),  # an envelope, as of a converter from XML
        json.dumps({"request": ONE}).encode(),
        json.dumps(ONE).encode(),  # alone, where a list of one is meant
        b"\xef\xbb\xbf \n" + json.dumps([ONE]).encode(),
        XML,
        XML.replace(
            b"<service_requests>", b'<service_requests xmlns="http://wiki.open311.org/GeoReport_v2">'
        ),
    ],
)
def test_formats_of_all_vendors_are_parsed_alike(body: bytes) -> None:
    (found,) = georeport.parse_requests(georeport.parse_body(body))
    assert (found.id, found.is_closed, found.notes) == (FOUND.id, FOUND.is_closed, FOUND.notes)
    assert found.text.split("\n")[:3] == FOUND.text.split("\n")[:3]


def test_empty_list_is_parsed() -> None:
    for body in (
        b"[]",
        b"<service_requests/>",
        b"<service_requests></service_requests>",
        b'{"service_requests": []}',
    ):
        assert georeport.parse_requests(georeport.parse_body(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html><body>Bad gateway<br></body></html>", b"<services><service>", b"{", b"nothing", b"\xff\xfe{}",
        b'<!DOCTYPE a [<!ENTITY b "c">]><services>&b;</services>', b"[" * 100_000, b"<a>" * 500 + b"</a>" * 500,
    ],
)  # fmt: skip
def test_unreadable_body_is_rejected_without_external_access(body: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        georeport.parse_receipt(georeport.parse_body(body))


def test_receipt_has_id_or_token() -> None:
    assert georeport.parse_receipt([{"service_request_id": 7}]) == PostReceipt("7")
    assert georeport.parse_receipt([{"token": "abc", "service_request_id": None}]) == PostReceipt(token="abc")
    nothings: list[Any] = [[], [{}], [{"service_request_id": ""}], {"account_id": 1}, "7", 7, None, [[]]]
    for nothing in nothings:
        with pytest.raises(UnreadableAnswer):
            georeport.parse_receipt(nothing)


def test_refusal_is_parsed_into_one_line() -> None:
    assert georeport.parse_refusal(
        [{"code": 400, "description": "no lat"}, {"code": 400, "description": "no long"}]
    ) == ("no lat no long")
    assert georeport.parse_refusal({"errors": [{"code": "403", "description": "bad key"}]}) == "bad key"
    assert georeport.parse_refusal([{"code": 500}]) == "500"
    assert georeport.parse_refusal([ONE]) == georeport.parse_refusal([]) == georeport.parse_refusal("x") == ""


def test_services_and_required_attributes_are_parsed() -> None:
    said = [
        {"service_code": 1, "service_name": "Potholes", "metadata": True, "group": "Streets"},
        {"service_code": "2", "service_name": "Bins", "metadata": "false"},
        {"service_code": "2", "service_name": "again"},
        {"service_name": "without a code"}, "nonsense",
    ]  # fmt: skip
    assert georeport.parse_services(said) == [
        RemoteService("1", "Potholes", "Streets", True),
        RemoteService("2", "Bins"),
    ]
    definition = {
        "service_code": 1,
        "attributes": [
            {"code": "SIZE", "required": True, "variable": True}, {"code": "NOTE", "required": "false"},
            {"code": "TEXT", "required": "true", "variable": "false"}, "nonsense",
        ],
    }  # fmt: skip
    assert (
        georeport.parse_required_attributes(definition)
        == georeport.parse_required_attributes([definition])
        == ["SIZE"]
    )
    assert (
        georeport.parse_required_attributes([])
        == georeport.parse_required_attributes({"attributes": None})
        == []
    )


_any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["service_request_id", "token", "status", "code", "request", "x"]), inner,
                      max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(_any)
def test_any_body_is_parsed_or_rejected(said: Any) -> None:
    for reader in (
        georeport.parse_services,
        georeport.parse_requests,
        georeport.parse_receipt,
        georeport.parse_required_attributes,
        georeport.parse_refusal,
    ):
        try:
            reader(said)
        except UnreadableAnswer:
            continue
