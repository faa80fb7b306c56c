"""The desk under test: officers signed in, at noon of one Tuesday."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bekhedmetkom.cases.models import Case
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.interfaces.desk import request_context
from bekhedmetkom.interfaces.desk.lists import count_cache
from bekhedmetkom.kernel.actor import Actor
from tests.personas import HOUR, NOON, Jordan, jordan

__all__ = ["jordan"]


def get_state(case: Case) -> str:
    case.refresh_from_db()
    return str(case.state)


@dataclass
class Desk:
    """One officer's browser."""

    client: Client

    def open_list(self, **query: str) -> Any:
        return self.client.get(reverse("desk:list"), query)

    def open_case(self, case: Case) -> Any:
        return self.client.get(reverse("desk:case", args=[case.reference]))

    def open_form(self, case: Case, verb: str) -> Any:
        return self.client.get(reverse("desk:act", args=[case.reference, verb]))

    def submit(self, case: Case, verb: str, *, seen: int | str | None = None, **fields: Any) -> Any:
        """Send a verb's form, as it was filled when the case stood at `seen` (by default: as it stands)."""
        case.refresh_from_db()
        address = reverse("desk:act", args=[case.reference, verb])
        return self.client.post(address, {"seen": case.seq if seen is None else seen, **fields})


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The desk's clock stands at two hours past noon; a test may move it."""

    def stand(at: datetime) -> None:
        monkeypatch.setattr(request_context, "now", lambda: at)

    stand(NOON + 2 * HOUR)
    return stand


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    count_cache._get_entry.cache_clear()


@pytest.fixture
def sits(jordan: Jordan) -> Callable[[Actor], Desk]:
    """`sits(jordan.main)` is the desk as that officer has it."""

    def sit(actor: Actor) -> Desk:
        client = Client()
        client.force_login(Officer.objects.get(pk=actor.id))
        return Desk(client)

    return sit
