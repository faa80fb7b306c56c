"""A page on Messenger with all that belongs to it, of which Meta's side is a double."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from bekhedmetkom.dialogue.commands.by_messenger import work_messenger
from bekhedmetkom.messenger.commands import receiving, send_due, take_in
from tests import posts
from tests.personas import NOON
from tests.posts import SECRET, signature
from tests.send_api import SendApi, send_api

SOON = timedelta(seconds=1)


class Page:
    """People write to it, and read what it answers."""

    def __init__(self, api: SendApi) -> None:
        self.api = api
        self.at = NOON

    def post(self, *items: Any) -> None:
        """What Meta posts, taken in."""
        raw = posts.post(*items)
        take_in(raw=raw, signature=signature(raw), at=self.at)

    def work(self, at: datetime | None = None) -> int:
        """As the worker does a moment later: hear, then say."""
        at = at or self.at + SOON
        worked = work_messenger(at)
        send_due(at)
        return worked

    def hear(self, *items: Any) -> list[str]:
        """Both; returns what was said to it."""
        before = len(self.api.calls)
        self.post(*items)
        self.work()
        self.at += 10 * SOON
        return self.api.said[before:]


@pytest.fixture
def page(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    settings.MESSENGER_APP_SECRET, settings.BK_HOME = SECRET, tmp_path
    # In the test's own transaction, which another thread would not see.
    monkeypatch.setattr(receiving, "_keep", receiving._insert)
    with send_api(settings) as api:
        yield Page(api)
