"""A receiver who follows Standard Webhooks finds our signatures good, and nothing else."""

import base64
import hmac
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.webhooks.rules.telling import NAMES, Heard, heard, shown_secret, signed, wait_after
from tests.officer_factories import NOON


def checks(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """As the specification words it for receivers."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = base64.b64encode(hmac.new(key, content, "sha256").digest()).decode()
    return f"v1,{right}" in headers["webhook-signature"].split(" ")


@given(st.binary(max_size=200), st.binary(min_size=24, max_size=64), st.binary(min_size=24, max_size=64))
def test_whoever_has_the_secret_knows_what_is_ours(body: bytes, secret: bytes, other: bytes) -> None:
    headers = signed("msg_7", NOON, body, [secret])
    assert checks(headers, body, shown_secret(secret))
    assert not checks(headers, body + b" ", shown_secret(secret))
    assert not checks(headers | {"webhook-id": "msg_8"}, body, shown_secret(secret))
    assert not checks(headers | {"webhook-timestamp": "1"}, body, shown_secret(secret))
    assert secret == other or not checks(headers, body, shown_secret(other))


def test_while_a_secret_takes_the_place_of_another_both_are_good() -> None:
    headers = signed("msg_7", NOON, b"{}", [b"n" * 32, b"o" * 32])
    assert checks(headers, b"{}", shown_secret(b"n" * 32))
    assert checks(headers, b"{}", shown_secret(b"o" * 32))


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (200, Heard.TAKEN), (204, Heard.TAKEN), (410, Heard.NEVER_AGAIN), (None, Heard.NOT_NOW), (500, Heard.NOT_NOW),
        (503, Heard.NOT_NOW), (429, Heard.NOT_NOW), (408, Heard.NOT_NOW), (400, Heard.NOT_THIS_ONE),
        (401, Heard.NOT_THIS_ONE), (404, Heard.NOT_THIS_ONE), (302, Heard.NOT_THIS_ONE), (199, Heard.NOT_THIS_ONE),
    ],
)  # fmt: skip
def test_what_an_answer_means(status: int | None, what: Heard) -> None:
    assert heard(status) is what


def test_who_does_not_answer_is_asked_less_and_less_and_never_forgotten() -> None:
    waits = [wait_after(n) for n in range(1, 30)]
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
    assert {NAMES[happened] for happened in inside} == {None}
