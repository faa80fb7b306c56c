"""Servers of other makers differ in format, envelope and types, and are understood; what is nonsense is said to be."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.webhooks.rules import georeport
from bekhedmetkom.webhooks.rules.georeport import FarRequest, FarService, Receipt, Unreadable

ONE = {"service_request_id": 638344, "status": "closed", "status_notes": "Duplicate request.", "lat": 31.9}
XML = b"""<?xml version="1.0" encoding="utf-8"?><service_requests><request>
<service_request_id>638344</service_request_id><status>closed</status>
<status_notes>Duplicate request.</status_notes><lat>31.9</lat><zipcode/></request></service_requests>"""
FOUND = FarRequest("638344", True, "Duplicate request.", "638344\nclosed\nDuplicate request.\n31.9")


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
def test_the_same_is_read_from_every_makers_way_to_say_it(body: bytes) -> None:
    (found,) = georeport.requests(georeport.read(body))
    assert (found.id, found.closed, found.notes) == (FOUND.id, FOUND.closed, FOUND.notes)
    assert found.words.split("\n")[:3] == FOUND.words.split("\n")[:3]


def test_a_list_of_none_is_a_list() -> None:
    for body in (
        b"[]",
        b"<service_requests/>",
        b"<service_requests></service_requests>",
        b'{"service_requests": []}',
    ):
        assert georeport.requests(georeport.read(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html><body>Bad gateway<br></body></html>", b"<services><service>", b"{", b"nothing", b"\xff\xfe{}",
        b'<!DOCTYPE a [<!ENTITY b "c">]><services>&b;</services>', b"[" * 100_000, b"<a>" * 500 + b"</a>" * 500,
    ],
)  # fmt: skip
def test_what_is_neither_is_unreadable_and_opens_nothing(body: bytes) -> None:
    with pytest.raises(Unreadable):
        georeport.receipt(georeport.read(body))


def test_a_receipt_is_an_id_or_a_token() -> None:
    assert georeport.receipt([{"service_request_id": 7}]) == Receipt("7")
    assert georeport.receipt([{"token": "abc", "service_request_id": None}]) == Receipt(token="abc")
    nothings: list[Any] = [[], [{}], [{"service_request_id": ""}], {"account_id": 1}, "7", 7, None, [[]]]
    for nothing in nothings:
        with pytest.raises(Unreadable):
            georeport.receipt(nothing)


def test_a_refusal_is_known_by_its_code_and_said_in_one_line() -> None:
    assert georeport.refusal(
        [{"code": 400, "description": "no lat"}, {"code": 400, "description": "no long"}]
    ) == ("no lat no long")
    assert georeport.refusal({"errors": [{"code": "403", "description": "bad key"}]}) == "bad key"
    assert georeport.refusal([{"code": 500}]) == "500"
    assert georeport.refusal([ONE]) == georeport.refusal([]) == georeport.refusal("x") == ""


def test_services_and_what_they_demand() -> None:
    said = [
        {"service_code": 1, "service_name": "Potholes", "metadata": True, "group": "Streets"},
        {"service_code": "2", "service_name": "Bins", "metadata": "false"},
        {"service_code": "2", "service_name": "again"},
        {"service_name": "without a code"}, "nonsense",
    ]  # fmt: skip
    assert georeport.services(said) == [FarService("1", "Potholes", "Streets", True), FarService("2", "Bins")]
    definition = {
        "service_code": 1,
        "attributes": [
            {"code": "SIZE", "required": True, "variable": True}, {"code": "NOTE", "required": "false"},
            {"code": "TEXT", "required": "true", "variable": "false"}, "nonsense",
        ],
    }  # fmt: skip
    assert georeport.required_of(definition) == georeport.required_of([definition]) == ["SIZE"]
    assert georeport.required_of([]) == georeport.required_of({"attributes": None}) == []


_any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["service_request_id", "token", "status", "code", "request", "x"]), inner,
                      max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(_any)
def test_whatever_comes_is_read_or_unreadable(said: Any) -> None:
    for reader in (
        georeport.services,
        georeport.requests,
        georeport.receipt,
        georeport.required_of,
        georeport.refusal,
    ):
        try:
            reader(said)
        except Unreadable:
            continue
