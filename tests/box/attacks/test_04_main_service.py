"""Attack 4: administrator, minister, liaison officer and agent of the main service find nothing in the box.

That the platform has no row, no address and no import of the box is `tests/meta/test_the_box_is_elsewhere.py`.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from bekhedmetkom.config.postgres import BOX, Server, database_of
from bekhedmetkom.config.secrets import box_password
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.standing import every
from bekhedmetkom.interfaces.box import kept
from tests.box.home import HOME
from tests.box.people import only_report, sends
from tests.broken import holds

# What anybody on the street is shown or may send: it says nothing of any report.
PUBLIC = {
    "healthz", "manifest", "sealed", "open", "answer", "file", "challenge", "session", "home", "carried", "protection",
    "commission", "left", "send", "check", "words", "again", "talk", "typed",
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


def test_nobody_of_the_main_service_is_anybody_here(box: Place, client: Client) -> None:
    sends(client, "رأيت رشوة")
    report = str(only_report().report.id)
    part = str(only_report().state.turns[0].parts[0].id)
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

    holds(promise, {"any cookie is a session": lambda patch: patch.setattr(kept, "given", anybody)})


def test_what_anybody_may_ask_says_nothing_of_a_report(box: Place, client: Client) -> None:
    for address in ("/", "/manifest", "/protection", "/commission", "/words", "/check"):
        before = Client().get(address).content
        sends(Client(), "رأيت رشوة")
        after = Client().get(address).content
        assert len(before) == len(after), address
        for found in every():
            assert str(found.report.id) not in after.decode()
            assert str(found.state.turns[0].parts[0].id) not in after.decode()


def test_the_boxs_role_comes_into_no_other_database(server: Server) -> None:
    """So none of its rows can lie in any of the main service's."""
    database_of(server)
    for database in ("bekhedmetkom", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="rejects connection"):
            psycopg.connect(
                f"dbname={database} user={BOX} host={server.folder} password={box_password(HOME)}"
            )
