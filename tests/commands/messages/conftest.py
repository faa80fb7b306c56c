"""People and cases that are committed for real, and what was said of them."""

from collections.abc import Iterator
from threading import Thread

import pytest
from django.db.models import F
from pytest_django import Settings

from bekhedmetkom.cases import feed
from bekhedmetkom.messages.follower import MessagesFollower
from bekhedmetkom.messages.models import Message
from tests.commands.messages.mail_server import MailServer
from tests.personas import Jordan, settle

ALL = 2**60  # a horizon above every transaction: those of other tests on the same server hold nobody back


@pytest.fixture
def world(committed_db: str) -> Jordan:
    return settle()


class Listener:
    """Follows the journal as the worker does and tells what came of it."""

    def __init__(self) -> None:
        self.follower = MessagesFollower()

    def follow(self) -> int:
        """Let the follower read all there is; returns how many events that were."""
        read = 0
        while batch := feed.advance(self.follower, horizon=ALL):
            read += batch
        return read

    def told(self) -> list[tuple[str, str, str]]:
        """Follow, then everything said so far: what, on which way, to whom (a persona's name, or `citizen`)."""
        self.follow()
        rows = Message.objects.select_related("officer").order_by("event", F("officer").asc(nulls_first=True))
        return [
            (row.template, row.channel, row.officer.email.split("@")[0] if row.officer else "citizen")
            for row in rows
        ]

    def new(self) -> list[tuple[str, str, str]]:
        """Follow, then only what that added."""
        before = Message.objects.count()
        return self.told()[before:]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def mail(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.SMTP_URL = server.url
        yield server
        server.shutdown()
        thread.join()
