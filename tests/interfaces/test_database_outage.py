"""While the database is away every door says so, and when to come again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.test import RequestFactory


@pytest.fixture
def away(committed_db: str) -> Iterator[None]:
    """PostgreSQL is not where it was."""
    before = dict(connection.settings_dict)
    connections.close_all()
    connection.settings_dict["HOST"] = "/nowhere"
    yield
    connections.close_all()
    connection.settings_dict.update(before)


def test_a_sentence_and_a_time(away: None) -> None:
    for path in ("/", "/en/new?kind=complaint", "/entities", "/api/v1/entities"):
        answer: Any = WSGIHandler().get_response(RequestFactory().get(path))
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
        said = answer.content.decode()
        assert "حاول" in said or "المحاولة" in said
        assert "nowhere" not in said
