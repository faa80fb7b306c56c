"""The call console under test: signed-in agents and a telephone exchange."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bekhedmetkom.calls.models import Call
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.interfaces.calls import request_context
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from tests.personas import HOUR, NOON, jordan

__all__ = ["jordan"]

TOKEN = "the-exchange's-token"


@dataclass
class Console:
    """One agent's browser."""

    client: Client

    def get(self, page: str, *of: Any) -> Any:
        return self.client.get(reverse(f"calls:{page}", args=of))

    def post(self, page: str, *of: Any, **fields: Any) -> Any:
        return self.client.post(reverse(f"calls:{page}", args=of), fields)


@dataclass
class Exchange:
    """Posts call events like a telephone exchange."""

    client: Client

    def tells(self, event: str, call_id: str = "one", **fields: Any) -> Any:
        said = {
            "event": event,
            "callId": call_id,
            "from": "962791234567",
            "to": "96265008080",
            "direction": "in",
        }
        return self.client.post(
            reverse("call-events"), said | fields, headers={"Authorization": f"Bearer {TOKEN}"}
        )


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def stand(at: datetime) -> None:
        monkeypatch.setattr(request_context, "now", lambda: at)
        monkeypatch.setattr(clock, "now", lambda: at)

    stand(NOON + 2 * HOUR)
    return stand


@pytest.fixture
def sign_in() -> Callable[[Actor], Console]:
    def log_in(actor: Actor) -> Console:
        client = Client()
        client.force_login(Officer.objects.get(pk=actor.id))
        return Console(client)

    return log_in


@pytest.fixture
def exchange(settings: Any) -> Exchange:
    settings.CALLS_TOKEN = TOKEN
    return Exchange(Client())


@pytest.fixture
def ring(exchange: Exchange) -> Callable[..., int]:
    """A ringing call, with its number."""

    def send_new_call(call_id: str = "one", **fields: Any) -> int:
        assert exchange.tells("newCall", call_id, **fields).status_code == 200
        return Call.objects.get(call_id=call_id).pk

    return send_new_call
