"""What comes through a door runs as the web process's role in the database, behind the wall (cases/wall.py)."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from django.test.client import ClientHandler
from psycopg import Error as DatabaseError

from bekhedmetkom.config.database.roles import RESET_ROW_SECURITY, WEB_ROLE

COMMITTED = {"committed_db", "committed_jordan"}


@pytest.fixture(autouse=True)
def _as_the_web_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("django_db") is None and not COMMITTED.intersection(
        request.fixturenames
    ):
        return
    answer = ClientHandler.__call__

    def as_the_web_process(handler: ClientHandler, environ: dict[str, Any]) -> Iterable[bytes]:
        connection.ensure_connection()
        server = connection.connection  # beside Django, whose queries some tests count
        server.execute(RESET_ROW_SECURITY)
        server.execute(f"SET ROLE {WEB_ROLE}")
        try:
            return answer(handler, environ)
        finally:
            with suppress(DatabaseError):  # a broken transaction ends by itself
                server.execute("RESET ROLE")

    monkeypatch.setattr(ClientHandler, "__call__", as_the_web_process)
