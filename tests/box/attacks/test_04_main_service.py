"""Attack 4: the main service's administrator, minister, liaison officer and agent find nothing in the box.

That the platform has no table, URL or import of the box is tested in `tests/meta/test_box_isolation.py`.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from bekhedmetkom.config.database.embedded_server import BOX_DATABASE, EmbeddedServer, create_main_database
from bekhedmetkom.config.installation import get_box_database_password
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.reports import list_reports
from bekhedmetkom.interfaces.box import session_cookies
from tests.box.support.actors import get_only_report, submit_report
from tests.box.support.environment import HOME
from tests.mutations import check_with_mutations

# Names of public URLs; their responses reveal no report.
PUBLIC = {
    "healthz",
    "manifest",
    "sealed",
    "open",
    "answer",
    "file",
    "challenge",
    "session",
    "home",
    "carried_text",
    "protection",
    "commission",
    "exit",
    "send",
    "receipt_check",
    "receipt_login",
    "retry_login",
    "conversation",
    "typed",
}
# Credentials of the main service, which the box does not accept.
CREDENTIALS: dict[str, dict[str, str]] = {
    "administrator": {"Cookie": "sessionid=administrator; __Host-commission=administrator"},
    "minister": {"Authorization": "Bearer minister", "Cookie": "sessionid=minister"},
    "liaison officer": {"X-API-Key": "liaison", "X-Forwarded-User": "officer-1"},
    "call-centre agent": {"Cookie": "__Host-commission=", "Remote-User": "custodian-1"},
}  # fmt: skip


def list_urls(patterns: list[Any], before: str = "/") -> Iterator[tuple[str, str]]:
    """Yield the name and path of every URL of the box."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from list_urls(pattern.url_patterns, before)
        elif isinstance(pattern, URLPattern):
            yield pattern.name or "", before + str(pattern.pattern)


def test_credentials_of_the_main_service_are_not_accepted(box: Installation, client: Client) -> None:
    submit_report(client, "رأيت رشوة")
    report = str(get_only_report().report.id)
    part = str(get_only_report().state.turns[0].parts[0].id)
    guarded_urls = {
        address.replace("<uuid:report>", report).replace("<uuid:identifier>", part).replace("<int:turn>", "0").replace(
            "<int:place>", "0"
        )
        for name, address in list_urls(get_resolver().url_patterns)
        if name not in PUBLIC
    }  # fmt: skip
    assert len(guarded_urls) > 10

    def promise() -> None:
        for credentials in CREDENTIALS.values():
            for address in guarded_urls:
                for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
                    answer = Client().generic(method, address, headers=credentials)
                    assert answer.status_code in (403, 404, 405), (method, address)
                    assert report not in answer.content.decode()
            assert Client().get("/talk", headers=credentials).status_code == 403

    def accept_any_cookie(_request: object, _name: object) -> dict[str, str]:
        return {"id": "officer-1"}

    check_with_mutations(
        promise,
        {
            "any cookie is a session": lambda patch: patch.setattr(
                session_cookies, "read_cookie", accept_any_cookie
            )
        },
    )


def test_public_pages_reveal_no_report(box: Installation, client: Client) -> None:
    for address in ("/", "/manifest", "/protection", "/commission", "/words", "/check"):
        before = Client().get(address).content
        submit_report(Client(), "رأيت رشوة")
        after = Client().get(address).content
        assert len(before) == len(after), address
        for unwrapped in list_reports():
            assert str(unwrapped.report.id) not in after.decode()
            assert str(unwrapped.state.turns[0].parts[0].id) not in after.decode()


def test_box_role_cannot_connect_to_other_databases(server: EmbeddedServer) -> None:
    create_main_database(server)
    for database in ("bekhedmetkom", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="rejects connection"):
            psycopg.connect(
                f"dbname={database} user={BOX_DATABASE} host={server.folder} password={get_box_database_password(HOME)}"
            )
