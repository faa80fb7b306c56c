"""An officer who can sign in, and time that a test moves by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.sign_in import forms, login_throttle
from tests.officer_factories import PASSWORD, create_body, create_officer

SINCE = date(2020, 1, 1)


class Clock:
    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at

    def go(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock by which guessing is slowed down."""
    moving = Clock()
    monkeypatch.setattr(login_throttle, "clock", moving)
    monkeypatch.setattr(forms, "clock", moving)
    return moving


@pytest.fixture
def main_officer() -> Officer:
    return create_officer(
        Role.MAIN_OFFICER, create_body("PM"), since=SINCE, email="main@example.jo", password=PASSWORD
    )
