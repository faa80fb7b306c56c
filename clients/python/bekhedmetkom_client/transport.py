"""One request to the platform, and what it refuses."""

import secrets
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx


class Problem(Exception):
    """What the platform refused, as problem details (RFC 9457)."""

    def __init__(self, status: int, said: Mapping[str, Any]):
        self.status = status
        self.said = said
        self.slug = str(said.get("type", "")).rpartition("/")[2]
        self.detail = str(said.get("detail", ""))
        self.errors: list[dict[str, str]] = list(said.get("errors") or [])
        super().__init__(f"{status} {self.slug}: {self.detail}")


def new_key() -> str:
    """For `Idempotency-Key`: draw one for each case, and send it again with the same case only."""
    return secrets.token_urlsafe(24)


class Caller:
    """`address` as people reach the platform; `key`: a program's key or an officer's token; `language`: ar or en."""

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
        """The answer's JSON, `None` where it has none; raises `Problem`. Nothing is repeated by itself."""
        answer = self._http.request(
            method, path,
            params={name: value for name, value in (query or {}).items() if value is not None},
            headers={name: value for name, value in (headers or {}).items() if value is not None},
            json=body, files={"file": file} if file else None,
        )  # fmt: skip
        if answer.is_success:
            return answer.json() if answer.content else None
        try:
            said = answer.json()
        except ValueError:
            said = {}
        raise Problem(answer.status_code, said if isinstance(said, dict) else {})


def part(value: object) -> str:
    """A piece of a path."""
    return quote(str(value), safe="")
