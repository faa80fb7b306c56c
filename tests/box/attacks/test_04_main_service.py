"""Attack 4: administrator, minister, liaison officer and agent of the main service find nothing in the box.

That the platform has no row, no address and no import of the box is `tests/meta/test_box_isolation.py`.
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

# What anybody on the street is shown or may send: it says nothing of any report.
PUBLIC = {
    "healthz", "manifest", "sealed", "open", "answer", "file", "challenge", "session", "home", "carried_text", "protection",
    "commission", "exit", "send", "receipt_check", "receipt_login", "retry_login", "conversation", "typed",
}  # fmt: skip
# How the main service knows its people. To the box they are strangers, whatever they hold.
BADGES: dict[str, dict[str, str]] = {
    "administrator": {"Cookie": "sessionid=administrator; __Host-commission=administrator"},
    "minister": {"Authorization": "Bearer minister", "Cookie": "sessionid=minister"},
    "liaison officer": {"X-API-Key": "liaison", "X-Forwarded-User": "officer-1"},
    "call-centre agent": {"Cookie": "__Host-commission=", "Remote-User": "custodian-1"},
}  # fmt: skip


def addresses(patterns: list[Any], before: str = "/") -> Iterator[tuple[str, str]]:
    """Every address that the box has, with its name."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, before)
        elif isinstance(one, URLPattern):
            yield one.name or "", before + str(one.pattern)


def test_nobody_of_the_main_service_is_anybody_here(box: Installation, client: Client) -> None:
    submit_report(client, "رأيت رشوة")
    report = str(get_only_report().report.id)
    part = str(get_only_report().state.turns[0].parts[0].id)
    guarded = {
        address.replace("<uuid:report>", report).replace("<uuid:identifier>", part).replace("<int:turn>", "0").replace(
            "<int:place>", "0"
        )
        for name, address in addresses(get_resolver().url_patterns)
        if name not in PUBLIC
    }  # fmt: skip
    assert len(guarded) > 10

    def promise() -> None:
        for badge in BADGES.values():
            for address in guarded:
                for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
                    answer = Client().generic(method, address, headers=badge)
                    assert answer.status_code in (403, 404, 405), (method, address)
                    assert report not in answer.content.decode()
            assert Client().get("/talk", headers=badge).status_code == 403

    def anybody(_request: object, _name: object) -> dict[str, str]:
        return {"id": "officer-1"}

    check_with_mutations(
        promise,
        {"any cookie is a session": lambda patch: patch.setattr(session_cookies, "read_cookie", anybody)},
    )


def test_what_anybody_may_ask_says_nothing_of_a_report(box: Installation, client: Client) -> None:
    for address in ("/", "/manifest", "/protection", "/commission", "/words", "/check"):
        before = Client().get(address).content
        submit_report(Client(), "رأيت رشوة")
        after = Client().get(address).content
        assert len(before) == len(after), address
        for found in list_reports():
            assert str(found.report.id) not in after.decode()
            assert str(found.state.turns[0].parts[0].id) not in after.decode()


def test_the_boxs_role_comes_into_no_other_database(server: EmbeddedServer) -> None:
    """So none of its rows can lie in any of the main service's."""
    create_main_database(server)
    for database in ("bekhedmetkom", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="rejects connection"):
            psycopg.connect(
                f"dbname={database} user={BOX_DATABASE} host={server.folder} password={get_box_database_password(HOME)}"
            )
