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
def test_whoever_has_the_secret_knows_what_is_ours(body: bytes, secret: bytes, other: bytes) -> None:
    headers = sign_payload("msg_7", NOON, body, [secret])
    assert checks(headers, body, format_secret(secret))
    assert not checks(headers, body + b" ", format_secret(secret))
    assert not checks(headers | {"webhook-id": "msg_8"}, body, format_secret(secret))
    assert not checks(headers | {"webhook-timestamp": "1"}, body, format_secret(secret))
    assert secret == other or not checks(headers, body, format_secret(other))


def test_while_a_secret_takes_the_place_of_another_both_are_good() -> None:
    headers = sign_payload("msg_7", NOON, b"{}", [b"n" * 32, b"o" * 32])
    assert checks(headers, b"{}", format_secret(b"n" * 32))
    assert checks(headers, b"{}", format_secret(b"o" * 32))


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (200, ReceiverAnswer.TAKEN), (204, ReceiverAnswer.TAKEN), (410, ReceiverAnswer.NEVER_AGAIN), (None, ReceiverAnswer.NOT_NOW), (500, ReceiverAnswer.NOT_NOW),
        (503, ReceiverAnswer.NOT_NOW), (429, ReceiverAnswer.NOT_NOW), (408, ReceiverAnswer.NOT_NOW), (400, ReceiverAnswer.NOT_THIS_ONE),
        (401, ReceiverAnswer.NOT_THIS_ONE), (404, ReceiverAnswer.NOT_THIS_ONE), (302, ReceiverAnswer.NOT_THIS_ONE), (199, ReceiverAnswer.NOT_THIS_ONE),
    ],
)  # fmt: skip
def test_what_an_answer_means(status: int | None, what: ReceiverAnswer) -> None:
    assert interpret_status(status) is what


def test_who_does_not_answer_is_asked_less_and_less_and_never_forgotten() -> None:
    waits = [get_retry_delay(n) for n in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=5)
    assert waits[-1] == timedelta(hours=6)


def test_nothing_that_is_said_inside_a_body_is_told_outside() -> None:
    inside = {
        EventType.NOTED,
        EventType.INSTRUCTED,
        EventType.TASK_ASKED,
        EventType.IDENTITY_REVEALED,
        EventType.RECUSED,
    }
    assert {WEBHOOK_EVENTS[happened] for happened in inside} == {None}
