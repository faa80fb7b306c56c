"""Every spot of Open311 into which somebody can put a value: addresses, queries, headers, the fields of its form."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from tests.interfaces.open311.georeport import FORMATS, key_of
from tests.personas import POTHOLE, Jordan
from tests.ugly import Bad

from .places import LONGEST_ADDRESS, Place, Visitor, arguments, in_headers, once, quoted

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


def open311(jordan: Jordan) -> list[Place]:
    """In both formats."""
    visitor, form = Visitor(), {"api_key": key_of(jordan, "open311", per_hour=1_000_000)} | FORM

    def places() -> Iterator[Place]:
        for extension in FORMATS:
            for pattern in ("v2/services/<code>", "v2/requests/<reference>", "v2/tokens/<token>"):
                yield from arguments(visitor, "/open311", f"{pattern}.{extension}", {})
            for name, queries in QUERIES.items():
                address = f"/open311/v2/{name}.{extension}"
                yield from (
                    Place(f"get {address}: ?{query}=", partial(_ask, visitor, address, query))
                    for query in queries
                )
            address = f"/open311/v2/requests.{extension}"
            whole = partial(visitor.ask, "post", address)
            for name in (*form, "attribute[", "attribute[][]", "attribute[X"):
                yield Place(
                    f"post {address}: {name}", partial(_send, visitor, address, form, name), whole=whole
                )
            yield from in_headers(visitor, address)
            yield from in_headers(visitor, address, "post")
        yield from arguments(visitor, "/open311", "<anything>", {})

    return once(places())


def _ask(visitor: Visitor, address: str, query: str, bad: Bad) -> Any:
    return visitor.ask("get", f"{address}?{query}={quoted(bad.value, LONGEST_ADDRESS)}")


def _send(visitor: Visitor, address: str, form: dict[str, str], name: str, bad: Bad) -> Any:
    pairs = (form | {name: bad.value}).items()
    return visitor.ask(
        "post", address, "&".join(f"{quoted(key)}={quoted(value)}" for key, value in pairs).encode()
    )
