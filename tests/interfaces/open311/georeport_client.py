"""A program that speaks GeoReport v2, as tests speak of it: what it reads is the same in both formats."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from defusedxml.ElementTree import fromstring
from django.test import Client

from bekhedmetkom.identity.commands import create_client
from tests.personas import NOON, Jordan

RESPONSE_FORMATS = ("json", "xml")
CONTENT_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
LIST_ELEMENTS = {"services", "service_requests", "errors", "attributes", "values", "endpoints", "formats"}
NUMBER_ELEMENTS, BOOLEAN_ELEMENTS = {"lat", "long"}, {"metadata", "variable", "required"}
_client_numbers = count(1)


def create_api_key(jordan: Jordan, *scopes: str, per_hour: int = 3600) -> str:
    return create_client(
        name=f"تطبيق {next(_client_numbers)}",
        scopes=scopes,
        per_hour=per_hour,
        actor=jordan.administrator,
        at=NOON,
    ).key


@dataclass
class GeoReportClient:
    """`key` goes with each form that it sends."""

    format: str
    key: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(f"/open311/{path}.{self.format}", query, headers=self.headers)

    def get_requests(self, **query: str) -> Any:
        return self.get("v2/requests", **query)

    def post(self, **form: Any) -> Any:
        """`attribute__CODE` stands for `attribute[CODE]`."""
        sent = {"api_key": self.key} | {_format_field_name(name): value for name, value in form.items()}
        return self.client.post(f"/open311/v2/requests.{self.format}", sent, headers=self.headers)

    def parse_response(self, answer: Any, status: int = 200) -> Any:
        """What an answer says, well-formed and of the format that was asked for."""
        assert answer.status_code == status, answer.content.decode()
        assert answer.headers["Content-Type"] == CONTENT_TYPES[self.format]
        if self.format == "json":
            return answer.json()
        assert answer.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
        return _parse_element(fromstring(answer.content))

    def list_ids(self, answer: Any) -> list[str]:
        return [one["service_request_id"] for one in self.parse_response(answer)]

    def get_error_text(self, answer: Any, status: int) -> str:
        """The sentences of a refusal."""
        errors = self.parse_response(answer, status)
        assert errors and all(int(error["code"]) == status and error["description"] for error in errors)
        return "\n".join(error["description"] for error in errors)


def _format_field_name(name: str) -> str:
    return f"attribute[{name.removeprefix('attribute__')}]" if name.startswith("attribute__") else name


def _parse_element(element: Any) -> Any:
    """As the specification has it in JSON."""
    if element.tag in LIST_ELEMENTS:
        return [_parse_element(inner) for inner in element]
    if len(element):
        return {inner.tag: _parse_element(inner) for inner in element}
    text = element.text
    if text is None:
        return None
    if element.tag in BOOLEAN_ELEMENTS:
        return {"true": True, "false": False}[text]
    if element.tag in NUMBER_ELEMENTS:
        return float(text)
    return int(text) if element.tag == "order" else text
