"""A Messenger page with a fake of Meta's side."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from bekhedmetkom.assistant.commands.messenger_events import process_messenger_events
from bekhedmetkom.messenger.commands import accept_webhook, send_due_messages, webhook_intake
from tests.fakes import messenger_events
from tests.fakes.messenger_events import APP_SECRET, sign_body
from tests.fakes.send_api import SendApi, send_api
from tests.personas import NOON

ONE_SECOND = timedelta(seconds=1)


class MessengerPage:
    """A page that people write to."""

    def __init__(self, api: SendApi) -> None:
        self.api = api
        self.at = NOON

    def post(self, *items: Any) -> None:
        """Post events to the webhook."""
        raw = messenger_events.build_webhook_body(*items)
        accept_webhook(raw=raw, signature=sign_body(raw), at=self.at)

    def work(self, at: datetime | None = None) -> int:
        """Process events and send messages, as the worker does."""
        at = at or self.at + ONE_SECOND
        worked = process_messenger_events(at)
        send_due_messages(at)
        return worked

    def hear(self, *items: Any) -> list[str]:
        """Post events and process them; return what was sent."""
        before = len(self.api.calls)
        self.post(*items)
        self.work()
        self.at += 10 * ONE_SECOND
        return self.api.texts[before:]


@pytest.fixture
def page(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MessengerPage]:
    settings.MESSENGER_APP_SECRET, settings.BK_HOME = APP_SECRET, tmp_path
    # In the test's own transaction, which another thread does not see.
    monkeypatch.setattr(webhook_intake, "_store_rows", webhook_intake._insert_rows)
    with send_api(settings) as api:
        yield MessengerPage(api)
