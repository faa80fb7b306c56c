"""When a message may go, and by which way."""

from datetime import datetime

import pytest

from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.messages.rules.delivery import Channel, channel_for, not_before


def amman(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=AMMAN)


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        (amman(24, 8), amman(24, 8)),
        (amman(24, 20, 59), amman(24, 20, 59)),
        (amman(24, 21), amman(25, 8)),
        (amman(24, 23, 59), amman(25, 8)),
        (amman(25, 0), amman(25, 8)),
        (amman(25, 7, 59), amman(25, 8)),
    ],
)
def test_nobody_is_woken(at: datetime, goes: datetime) -> None:
    assert not_before(at, at_once=False) == goes
    assert not_before(at, at_once=True) == at


@pytest.mark.parametrize(
    ("email", "phone", "way"),
    [
        ("sama@example.jo", "+962791234567", (Channel.EMAIL, "sama@example.jo")),
        ("", "+962791234567", (Channel.SMS, "+962791234567")),
        ("", "+971501234567", (Channel.SMS, "+971501234567")),
        ("", "+96265008080", None),
        ("", "", None),
    ],
)
def test_the_way_that_reaches_the_person(email: str, phone: str, way: tuple[Channel, str] | None) -> None:
    assert channel_for(email, phone) == way
