"""The dashboard under test: officers signed in, at two hours past noon of one Tuesday."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from bekhedmetkom.identity.models import Officer
from bekhedmetkom.interfaces.dashboard import request_context
from bekhedmetkom.interfaces.desk import request_context as desk_visit
from bekhedmetkom.kernel.actor import Actor
from tests.personas import HOUR, NOON, jordan

__all__ = ["jordan"]


@dataclass
class DashboardBrowser:
    """One officer's browser."""

    client: Client

    def get(self, page: str = "board", *of: Any, **query: Any) -> Any:
        return self.client.get(reverse(f"dashboard:{page}", args=of), query)

    def page(self, page: str = "board", *of: Any, **query: Any) -> BeautifulSoup:
        answer = self.get(page, *of, **query)
        assert answer.status_code == 200, answer
        return BeautifulSoup(answer.content, "html.parser")

    def post(self, page: str, *of: Any, **fields: Any) -> Any:
        return self.client.post(reverse(f"dashboard:{page}", args=of), fields)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def stand(at: datetime) -> None:
        for door in (request_context, desk_visit):  # what is done from here, the desk does
            monkeypatch.setattr(door, "now", lambda: at)

    stand(NOON + 2 * HOUR)
    return stand


@pytest.fixture
def sits() -> Callable[[Actor], DashboardBrowser]:
    """`sits(jordan.minister)` is the dashboard as that officer has it."""

    def sit(actor: Actor) -> DashboardBrowser:
        client = Client()
        client.force_login(Officer.objects.get(pk=actor.id))
        return DashboardBrowser(client)

    return sit
