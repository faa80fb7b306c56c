"""When a message may go, and by which way."""

from datetime import datetime

import pytest

from bekhedmetkom.cases.rules.contact import ContactPreference
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.notifications.rules.delivery import Channel, choose_channel, get_earliest_send_time


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
def test_quiet_hours_delay_messages(at: datetime, goes: datetime) -> None:
    assert get_earliest_send_time(at, at_once=False) == goes
    assert get_earliest_send_time(at, at_once=True) == at


E, S = (Channel.EMAIL, "sama@example.jo"), (Channel.SMS, "+962791234567")


@pytest.mark.parametrize(
    ("email", "phone", "tell_by", "way"),
    [
        (E[1], S[1], "", E),
        (E[1], S[1], "email", E),
        (E[1], S[1], "sms", S),
        (E[1], S[1], "none", None),
        ("", S[1], "", S),
        ("", S[1], "email", S),  # what they wanted is no longer there
        ("", "+971501234567", "", (Channel.SMS, "+971501234567")),
        ("", "+96265008080", "", None),
        (E[1], "+96265008080", "sms", E),  # no SMS reaches a landline
        ("", "", "", None),
    ],
)
def test_channel_follows_preference_and_reachability(
    email: str, phone: str, tell_by: str, way: tuple[Channel, str] | None
) -> None:
    assert choose_channel(email, phone, ContactPreference(tell_by)) == way
