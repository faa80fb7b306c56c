"""A program that calls the API, as tests speak of it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bekhedmetkom.cases.commands import SubmissionResult
from bekhedmetkom.cases.models import Case

_keys = count(1)


@dataclass
class ApiClient:
    """`headers` go with each of its calls."""

    headers: dict[str, str] = field(default_factory=dict)
    client: Client = field(default_factory=Client)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1{path}", json.dumps(body), "application/json",
            headers=self.headers | {name.replace("_", "-"): value for name, value in headers.items()},
        )  # fmt: skip

    def upload(self, content: bytes, name: str = "photo.jpg", media_type: str = "image/jpeg") -> Any:
        """Send one file; its name and its type are what the sender says."""
        file = SimpleUploadedFile(name, content, media_type)
        return self.client.post("/api/v1/uploads", {"file": file}, headers=self.headers)

    def submit_case(self, key: str = "", **body: Any) -> Any:
        """Bring a case, under a key of its own unless one is given."""
        case = {"kind": "complaint", "text": "إشارة المرور عند المدرسة معطلة", "entity": "GAM"} | body
        return self.post("/cases", case, Idempotency_Key=key or f"the-key-number-{next(_keys):04d}")

    def with_access_code(self, case: SubmissionResult | dict[str, Any]) -> "ApiClient":
        """The same program, showing the access code of a case."""
        code = case["access_code"] if isinstance(case, dict) else case.access_code
        return ApiClient(self.headers | {"X-Access-Code": code}, self.client)

    def run_action(self, case: Case, verb: str, seen: int | None = None, **body: Any) -> Any:
        """Use a verb on a case as the program saw it (by default: as it stands)."""
        case.refresh_from_db()
        seq = case.seq if seen is None else seen
        return self.post(f"/desk/cases/{case.reference}/{verb}", body, If_Match=f'"{seq}"')


def parse_problem(answer: Any) -> dict[str, Any]:
    """The problem details of a refusal, well-formed whatever it is about."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "errors"} <= said.keys()
    assert said["status"] == answer.status_code
    assert all(error.keys() == {"field", "message_ar", "message_en"} for error in said["errors"])
    return said


def get_problem_slug(answer: Any) -> str:
    """The last part of the problem's type."""
    return str(parse_problem(answer)["type"].rsplit("/", 1)[1])


def list_error_fields(answer: Any) -> list[str]:
    """The fields that the refusal names."""
    return [error["field"] for error in parse_problem(answer)["errors"]]


def list_statements(queries: Iterable[dict[str, str]]) -> list[str]:
    """The statements of a request, without those that a test's own transaction adds, or the clock (every 10 s)."""
    aside = ("SAVEPOINT", "entities_version")
    return [query["sql"] for query in queries if not any(word in query["sql"] for word in aside)]
