"""A receiver who follows Standard Webhooks finds our signatures good, and nothing else."""

import base64
import hmac
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.webhooks.rules.webhook_protocol import (
    WEBHOOK_EVENTS,
    ReceiverAnswer,
    format_secret,
    get_retry_delay,
    interpret_status,
    sign_payload,
)
from tests.officer_factories import NOON


def checks(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """As the specification words it for receivers."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = base64.b64encode(hmac.new(key, content, "sha256").digest()).decode()
    return f"v1,{right}" in headers["webhook-signature"].split(" ")


@given(st.binary(max_size=200), st.binary(min_size=24, max_size=64), st.binary(min_size=24, max_size=64))
def test_signature_is_verified_with_the_secret(body: bytes, secret: bytes, other: bytes) -> None:
    headers = sign_payload("msg_7", NOON, body, [secret])
    assert checks(headers, body, format_secret(secret))
    assert not checks(headers, body + b" ", format_secret(secret))
    assert not checks(headers | {"webhook-id": "msg_8"}, body, format_secret(secret))
    assert not checks(headers | {"webhook-timestamp": "1"}, body, format_secret(secret))
    assert secret == other or not checks(headers, body, format_secret(other))


def test_both_secrets_sign_during_rotation() -> None:
    headers = sign_payload("msg_7", NOON, b"{}", [b"n" * 32, b"o" * 32])
    assert checks(headers, b"{}", format_secret(b"n" * 32))
    assert checks(headers, b"{}", format_secret(b"o" * 32))


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (200, ReceiverAnswer.ACCEPTED),
        (204, ReceiverAnswer.ACCEPTED),
        (410, ReceiverAnswer.GONE),
        (None, ReceiverAnswer.UNAVAILABLE),
        (500, ReceiverAnswer.UNAVAILABLE),
        (503, ReceiverAnswer.UNAVAILABLE),
        (429, ReceiverAnswer.UNAVAILABLE),
        (408, ReceiverAnswer.UNAVAILABLE),
        (400, ReceiverAnswer.REJECTED),
        (401, ReceiverAnswer.REJECTED),
        (404, ReceiverAnswer.REJECTED),
        (302, ReceiverAnswer.REJECTED),
        (199, ReceiverAnswer.REJECTED),
    ],
)
def test_status_has_expected_result(status: int | None, what: ReceiverAnswer) -> None:
    assert interpret_status(status) is what


def test_retry_delay_grows_to_a_limit() -> None:
    waits = [get_retry_delay(n) for n in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=5)
    assert waits[-1] == timedelta(hours=6)


def test_internal_events_are_not_published() -> None:
    inside = {
        EventType.NOTED,
        EventType.INSTRUCTED,
        EventType.TASK_ASKED,
        EventType.IDENTITY_REVEALED,
        EventType.RECUSED,
    }
    assert {WEBHOOK_EVENTS[happened] for happened in inside} == {None}
