"""HTTP client of a body's GeoReport v2 server; each failure is raised as the exception that says what it means."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

from bekhedmetkom.kernel import outbound_http
from bekhedmetkom.kernel.clock import AMMAN

from .rules import georeport
from .rules.georeport import PostReceipt, RemoteRequest, RemoteService, UnreadableAnswer

T = TypeVar("T")

MAX_RESPONSE_BYTES = 8 * 1024 * 1024  # bytes of an answer: a thousand requests have less than two million
TIMEOUT_SECONDS = 10.0  # seconds, for each step of one call
MAX_ANSWER_SECONDS = 30.0  # for the whole of one answer

_UNAVAILABLE_STATUSES = frozenset({408, 425, 429, 503})


class GeoReportError(Exception):
    """No usable answer. `status` is 0 without a response; `message` is the server's own error text."""

    def __init__(self, status: int = 0, said: str = "") -> None:
        self.status, self.message = status, said
        super().__init__(str(status))


class ServerUnavailable(GeoReportError):
    """The server is unreachable or says "later": nothing was accepted, other requests would fail too."""


class RequestRefused(GeoReportError):
    """The server refuses this request; others may succeed."""


class UnknownOutcome(GeoReportError):
    """The server was reached, but the outcome is unknown."""


class GeoReportClient:
    """Client of one server over a shared HTTP client that cannot reach private networks."""

    def __init__(self, client: outbound_http.Client, url: str, form: str, jurisdiction: str) -> None:
        self._client, self._root, self._format = client, url.rstrip("/"), form
        self._default_query = {"jurisdiction_id": jurisdiction} if jurisdiction else {}

    def list_services(self) -> list[RemoteService]:
        """Return the services that the server accepts."""
        return self._call(georeport.parse_services, "GET", "services")

    def list_required_attributes(self, code: str) -> list[str]:
        """Return the attributes that a service requires."""
        return self._call(georeport.parse_required_attributes, "GET", f"services/{_quote_part(code)}")

    def create_request(self, form: Mapping[str, str], key: str) -> PostReceipt:
        """Post a case. After `UnknownOutcome` it may have arrived."""
        keyed = {"api_key": key} if key else {}
        return self._call(
            georeport.parse_receipt, "POST", "requests", form=self._default_query | keyed | dict(form)
        )

    def get_request_id(self, token: str) -> str:
        """Return the request id for a token; empty while there is none."""
        return self._call(georeport.parse_receipt, "GET", f"tokens/{_quote_part(token)}").id

    def list_requests(self, ids: Iterable[str]) -> list[RemoteRequest]:
        """Return these requests; those that the server does not show are missing."""
        return self._call(georeport.parse_requests, "GET", "requests", service_request_id=",".join(ids))

    def get_request(self, id: str) -> RemoteRequest | None:
        """Return one request, for servers without lists of ids; `None` if it is not shown."""
        try:
            return next(
                iter(self._call(georeport.parse_requests, "GET", f"requests/{_quote_part(id)}")), None
            )
        except RequestRefused:
            return None

    def find_request_by_text(self, words: str, code: str, since: datetime) -> str:
        """Return the id of a request made since then that contains the text; empty if none is shown."""
        found = self._call(
            georeport.parse_requests, "GET", "requests", service_code=code, extensions="true",
            start_date=_format_time(since), end_date=_format_time(since + timedelta(days=2)),
        )  # fmt: skip
        return next((one.id for one in found if words in one.text), "")

    def _call(
        self,
        reader: Callable[[Any], T],
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        **query: str,
    ) -> T:
        sent: dict[str, Any] = {"data": form} if form is not None else {"params": self._default_query | query}
        try:
            with self._client.stream(
                method, f"{self._root}/{path}.{self._format}", headers=_HEADERS, **sent
            ) as answer:
                status = answer.status_code
                body = outbound_http.read_response(answer, MAX_RESPONSE_BYTES, MAX_ANSWER_SECONDS)
        except outbound_http.CONNECTION_ERRORS as error:
            raise ServerUnavailable from error
        except outbound_http.REQUEST_ERRORS as error:
            raise UnknownOutcome from error
        if status in _UNAVAILABLE_STATUSES:
            raise ServerUnavailable(status)
        if status >= 500 or status < 200:
            raise UnknownOutcome(status)
        try:
            said = georeport.parse_body(body)
        except UnreadableAnswer as error:
            raise (UnknownOutcome if status < 300 else RequestRefused)(status) from error
        refusal = georeport.parse_refusal(said)
        if status >= 300 or refusal:  # some say "no" with a 200
            raise RequestRefused(status, refusal)
        try:
            return reader(said)
        except UnreadableAnswer as error:
            raise UnknownOutcome(status) from error


_HEADERS = {"Accept-Language": "ar", "User-Agent": "Bekhedmetkom (Open311 GeoReport v2)"}


def _quote_part(id: str) -> str:
    return quote(id, safe="")


def _format_time(at: datetime) -> str:
    return at.astimezone(AMMAN).isoformat(timespec="seconds")
