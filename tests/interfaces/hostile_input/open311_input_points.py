"""Every spot of Open311 into which somebody can put a value: addresses, queries, headers, the fields of its form."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from tests.hostile_values import HostileValue
from tests.interfaces.open311.georeport_client import RESPONSE_FORMATS, create_api_key
from tests.personas import POTHOLE, Jordan

from .input_points import (
    MAX_URL_BYTES,
    InputPoint,
    Visitor,
    list_header_inputs,
    list_path_arguments,
    quote_value,
    remove_duplicates,
)

QUERIES = {
    "services": ("entity", "jurisdiction_id"),
    "requests": ("service_request_id", "service_code", "status", "start_date", "end_date", "page", "page_size",
                 "updated_after", "extensions", "jurisdiction_id"),
}  # fmt: skip
FORM = {
    "service_code": "GAM-001", "lat": "31.9", "long": "35.9", "address_string": "شارع الجامعة", "address_id": "",
    "email": "somebody@example.jo", "device_id": "d", "account_id": "a", "first_name": "سامر", "last_name": "عواد",
    "phone": "0791234567", "description": POTHOLE, "media_url": "https://example.com/a.jpg", "kind": "complaint",
    "attribute[GOVERNORATE]": "GOV-AM", "attribute[PUBLIC][]": "yes", "gate": "", "jurisdiction_id": "localhost",
}  # fmt: skip


def list_open311_inputs(jordan: Jordan) -> list[InputPoint]:
    """In both formats."""
    visitor, form = Visitor(), {"api_key": create_api_key(jordan, "open311", per_hour=1_000_000)} | FORM

    def places() -> Iterator[InputPoint]:
        for extension in RESPONSE_FORMATS:
            for pattern in ("v2/services/<code>", "v2/requests/<reference>", "v2/tokens/<token>"):
                yield from list_path_arguments(visitor, "/open311", f"{pattern}.{extension}", {})
            for name, queries in QUERIES.items():
                address = f"/open311/v2/{name}.{extension}"
                yield from (
                    InputPoint(f"get {address}: ?{query}=", partial(_send_query, visitor, address, query))
                    for query in queries
                )
            address = f"/open311/v2/requests.{extension}"
            whole = partial(visitor.request, "post", address)
            for name in (*form, "attribute[", "attribute[][]", "attribute[X"):
                yield InputPoint(
                    f"post {address}: {name}",
                    partial(_send_form, visitor, address, form, name),
                    send_body=whole,
                )
            yield from list_header_inputs(visitor, address)
            yield from list_header_inputs(visitor, address, "post")
        yield from list_path_arguments(visitor, "/open311", "<anything>", {})

    return remove_duplicates(places())


def _send_query(visitor: Visitor, address: str, query: str, bad: HostileValue) -> Any:
    return visitor.request("get", f"{address}?{query}={quote_value(bad.value, MAX_URL_BYTES)}")


def _send_form(visitor: Visitor, address: str, form: dict[str, str], name: str, bad: HostileValue) -> Any:
    pairs = (form | {name: bad.value}).items()
    return visitor.request(
        "post", address, "&".join(f"{quote_value(key)}={quote_value(value)}" for key, value in pairs).encode()
    )
