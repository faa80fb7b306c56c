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
from bekhedmetkom.notifications import senders
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.senders import smpp, sms_http, smtp
from bekhedmetkom.notifications.subscriber import NotificationSubscriber
from tests.commands.notifications.http_sms_server import HttpSmsServer
from tests.commands.notifications.smpp_server import SmppServer
from tests.commands.notifications.smtp_server import SmtpServer
from tests.personas import Jordan

ALL_TRANSACTIONS = (
    2**60
)  # a horizon above every transaction: those of other tests on the same server hold nobody back


@pytest.fixture
def world(committed_jordan: Jordan) -> Jordan:
    return committed_jordan


class SubscriberRunner:
    """Follows the journal as the worker does and tells what came of it."""

    def __init__(self) -> None:
        self.follower = NotificationSubscriber()

    def follow(self) -> int:
        """Let the follower read all there is; returns how many events that were."""
        read = 0
        while batch := feed.advance_consumer(self.follower, horizon=ALL_TRANSACTIONS):
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
def listener() -> SubscriberRunner:
    return SubscriberRunner()


@pytest.fixture
def mail(settings: Settings) -> Iterator[SmtpServer]:
    with run_server(SmtpServer()) as server:
        settings.SMTP_URL = server.url
        yield server


@pytest.fixture
def http_gateway(settings: Settings) -> Iterator[HttpSmsServer]:
    with run_server(HttpSmsServer()) as gateway:
        settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_SENDER = gateway.url, "a-key", "Bekhedmet"
        yield gateway
        senders.close_gateways()


@pytest.fixture
def smsc(settings: Settings) -> Iterator[SmppServer]:
    with run_server(SmppServer()) as centre:
        settings.SMS_URL, settings.SMS_SENDER = centre.url, "Bekhedmet"
        yield centre
        senders.close_gateways()


Server = TypeVar("Server", bound=socketserver.BaseServer)


@contextmanager
def run_server(server: Server) -> Iterator[Server]:
    with server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that says nothing is waited for ten seconds; here for one, in which a slow machine still binds."""
    for module in (smpp, sms_http, smtp):
        monkeypatch.setattr(module, "TIMEOUT_SECONDS", 1)
