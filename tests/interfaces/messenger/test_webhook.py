"""The Messenger webhook: signatures, storage and response time."""

import gc
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.conninfo import make_conninfo
from pytest_django import Settings

from bekhedmetkom.messenger.commands import load_spooled_posts, webhook_intake
from bekhedmetkom.messenger.encryption import decrypt
from bekhedmetkom.messenger.models import Event
from tests.fakes import messenger_events
from tests.fakes.messenger_events import (
    APP_SECRET,
    VERIFY_TOKEN,
    build_postback,
    build_text,
    list_irrelevant_events,
    sign_body,
)
from tests.personas import NOON

PATIENCE = webhook_intake.DATABASE_TIMEOUT_SECONDS
ADDRESS = "/webhooks/messenger"
BRIBE = "الموظف طلب مني رشوة خمسين دينار حتى يمشي المعاملة"


@pytest.fixture(autouse=True)
def _agreed(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.MESSENGER_APP_SECRET, settings.MESSENGER_VERIFY_TOKEN = APP_SECRET, VERIFY_TOKEN
    settings.BK_HOME = tmp_path
    webhook_intake._spooling_until[0] = 0.0
    monkeypatch.setattr(webhook_intake, "DATABASE_TIMEOUT_SECONDS", 20)  # independent of the machine's speed
    yield
    webhook_intake._spooling_until[0] = 0.0


def post(client: Client, raw: bytes, shown: str | None = None) -> int:
    headers = {"X-Hub-Signature-256": sign_body(raw) if shown is None else shown}
    return client.post(ADDRESS, raw, "application/json", headers=headers).status_code


def kept() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("key", flat=True))


def test_subscription_is_verified_with_the_token(client: Client) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
    answer = client.get(ADDRESS, asked)
    assert (answer.status_code, answer.content) == (200, b"1158201444")
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "other",
    [
        {"hub.verify_token": "another"}, {"hub.verify_token": "رمز"}, {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"}, {"hub.mode": ""},
    ],
)  # fmt: skip
def test_wrong_verify_token_is_refused(client: Client, other: dict[str, str]) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
    assert client.get(ADDRESS, asked | other).status_code == 403
    assert client.get(ADDRESS).status_code == 403


def test_missing_verify_token_refuses_every_subscription(client: Client, settings: Settings) -> None:
    settings.MESSENGER_VERIFY_TOKEN = ""
    asked = {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}
    assert client.get(ADDRESS, asked).status_code == 403


@pytest.mark.parametrize("shown", ["", "sha256=0", "sha1=" + "0" * 40, "sha256=" + "0" * 64, "توقيع"])
def test_unsigned_post_is_refused(client: Client, shown: str) -> None:
    headers = {"X-Hub-Signature-256": shown.encode().decode("latin-1")} if shown else {}
    raw = messenger_events.build_webhook_body(build_text("حفرة", NOON))
    assert client.post(ADDRESS, raw, "application/json", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"entry": 7}', b"[]", b'{"entry": [[]]}']
)
def test_signed_malformed_post_is_accepted(
    client: Client, caplog: pytest.LogCaptureFixture, raw: bytes
) -> None:
    caplog.set_level(logging.WARNING)
    assert post(client, raw) == 200
    assert len(caplog.records) == 1


def test_oversized_post_is_refused(client: Client) -> None:
    assert post(client, b" " * (4 * 1024 * 1024 + 1)) == 413


def test_event_is_stored_once_and_encrypted(client: Client, committed_db: str) -> None:
    batch = messenger_events.build_webhook_body(
        build_text("الشارع محفور", NOON, mid="m_1"),
        *list_irrelevant_events(NOON),
        build_text("أمام المدرسة", NOON, mid="m_2"),
    )
    assert post(client, batch) == 200
    assert post(client, batch) == 200
    assert (
        post(
            client,
            messenger_events.build_webhook_body(
                build_postback("track", NOON), build_text("الشارع محفور", NOON, mid="m_1")
            ),
        )
        == 200
    )
    assert kept()[:2] == ["m_1", "m_2"]
    assert len(kept()) == 3
    row = Event.objects.get(key="m_1")
    assert decrypt(row.item)["message"]["text"] == "الشارع محفور"
    assert "محفور".encode() not in bytes(row.item)


def test_only_the_key_of_a_corruption_event_is_stored(
    client: Client, committed_db: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert (
        post(
            client,
            messenger_events.build_webhook_body(
                build_text(BRIBE, NOON, mid="m_bribe"), build_text("حفرة", NOON, mid="m_hole")
            ),
        )
        == 200
    )
    row = Event.objects.get(key="m_bribe")
    assert row.gated
    assert decrypt(row.item) == {"sender": {"id": messenger_events.PSID}}
    assert not Event.objects.get(key="m_hole").gated
    assert "رشوة" not in caplog.text


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Disable garbage collection, which would walk over the objects of thousands of tests."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
def test_slow_database_does_not_delay_the_response(
    client: Client,
    server: tuple[str, str],
    committed_db: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the table locked, fifty posts are answered in time; none is lost or duplicated."""
    monkeypatch.setattr(webhook_intake, "DATABASE_TIMEOUT_SECONDS", PATIENCE)
    locked = make_conninfo(server[0], dbname=committed_db)
    took, began = [], time.monotonic()
    with psycopg.connect(locked) as somebody:
        somebody.execute("LOCK TABLE messenger_event")
        for number in range(50):
            raw = messenger_events.build_webhook_body(
                build_text(BRIBE if number == 7 else "حفرة", NOON, mid=f"m_{number}")
            )
            before = time.thread_time()
            assert post(client, raw) == 200
            took.append(time.thread_time() - before)
        beside = list((tmp_path / "messenger").glob("*.sealed"))
        assert len(beside) == 50
        assert all(file.stat().st_mode & 0o077 == 0 for file in beside)
        somebody.rollback()
    assert max(took) + PATIENCE < 0.2, "of work, and what is waited for the database"
    assert time.monotonic() - began < 50 * 0.2
    load_spooled_posts()
    assert sorted(kept()) == sorted(f"m_{number}" for number in range(50))
    assert not list((tmp_path / "messenger").iterdir())


def test_crash_while_loading_the_spool_duplicates_nothing(
    client: Client, committed_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook_intake._spooling_until[0] = time.monotonic() + 60
    assert post(client, messenger_events.build_webhook_body(build_text("حفرة", NOON, mid="m_1"))) == 200
    with monkeypatch.context() as killed:
        killed.setattr(Path, "unlink", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            load_spooled_posts()
    assert load_spooled_posts() == 1
    assert kept() == ["m_1"]


def test_post_is_accepted_while_the_database_is_down(
    client: Client, committed_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(rows: object) -> None:
        raise OperationalError

    monkeypatch.setattr(webhook_intake, "_insert_and_disconnect", away)
    assert post(client, messenger_events.build_webhook_body(build_text("حفرة", NOON, mid="m_1"))) == 200
    assert kept() == []
    assert load_spooled_posts() == 1
    assert kept() == ["m_1"]


def test_webhook_runs_no_query(client: Client, committed_db: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        post(client, messenger_events.build_webhook_body(build_text("حفرة", NOON)))
    assert len(asked) == 0
