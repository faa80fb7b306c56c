"""People and cases that are committed for real, and what was said of them."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TypeVar

import pytest
from django.db.models import F
from pytest_django import Settings

from bekhedmetkom.cases import feed
from bekhedmetkom.messages import senders
from bekhedmetkom.messages.follower import MessagesFollower
from bekhedmetkom.messages.models import Message
from bekhedmetkom.messages.senders import mail as mail_sender
from bekhedmetkom.messages.senders import smpp, sms_http
from tests.commands.messages.http_gateway import HttpGateway
from tests.commands.messages.mail_server import MailServer
from tests.commands.messages.smsc import Smsc
from tests.personas import Jordan

ALL = 2**60  # a horizon above every transaction: those of other tests on the same server hold nobody back


@pytest.fixture
def world(committed_jordan: Jordan) -> Jordan:
    return committed_jordan


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
    with serving(MailServer()) as server:
        settings.SMTP_URL = server.url
        yield server


@pytest.fixture
def http_gateway(settings: Settings) -> Iterator[HttpGateway]:
    with serving(HttpGateway()) as gateway:
        settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_SENDER = gateway.url, "a-key", "Bekhedmet"
        yield gateway
        senders.close_all()


@pytest.fixture
def smsc(settings: Settings) -> Iterator[Smsc]:
    with serving(Smsc()) as centre:
        settings.SMS_URL, settings.SMS_SENDER = centre.url, "Bekhedmet"
        yield centre
        senders.close_all()


Server = TypeVar("Server", bound=socketserver.BaseServer)


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    with server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that says nothing is waited for ten seconds; here for one, in which a slow machine still binds."""
    for module in (smpp, sms_http, mail_sender):
        monkeypatch.setattr(module, "PATIENCE", 1)
