"""HTTP transport of the client, and the exception for refused requests."""

import secrets
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx


class Problem(Exception):
    """A refused request, with the problem details of the response (RFC 9457)."""

    def __init__(self, status: int, document: Mapping[str, Any]):
        self.status = status
        self.document = document
        self.slug = str(document.get("type", "")).rpartition("/")[2]
        self.detail = str(document.get("detail", ""))
        self.errors: list[dict[str, str]] = list(document.get("errors") or [])
        super().__init__(f"{status} {self.slug}: {self.detail}")


def new_key() -> str:
    """Return a new `Idempotency-Key`. Use one for each case; repeat it only to send the same case again."""
    return secrets.token_urlsafe(24)


class ApiTransport:
    """HTTP connection to the platform.

    `address`: the platform's public URL; `key`: an API key or an officer's token; `language`: ar or en.
    """

    def __init__(self, address: str, *, key: str = "", language: str = "ar", timeout: float = 30):
        headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {key}"} if key else {})
        self._http = httpx.Client(base_url=address.rstrip("/"), headers=headers, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def _call(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str | None] | None = None, body: Any = None, file: tuple[str, bytes] | None = None,
    ) -> Any:  # fmt: skip
        """Return the response's JSON, or `None` if it has no body. Raises `Problem`. Requests are not retried."""
        response = self._http.request(
            method, path,
            params={name: value for name, value in (query or {}).items() if value is not None},
            headers={name: value for name, value in (headers or {}).items() if value is not None},
            json=body, files={"file": file} if file else None,
        )  # fmt: skip
        if response.is_success:
            return response.json() if response.content else None
        try:
            problem = response.json()
        except ValueError:
            problem = {}
        raise Problem(response.status_code, problem if isinstance(problem, dict) else {})


def quote_path(value: object) -> str:
    """Return a value percent-encoded as one path segment."""
    return quote(str(value), safe="")
