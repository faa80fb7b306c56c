"""The portal under test: a small Jordan, a browser without script, and noon of one Tuesday."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bekhedmetkom.kernel import clock
from tests.personas import NOON

from .browser import Browser


@pytest.fixture(autouse=True)
def stands(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The doors' clock stands at noon; a test may move it."""

    def stand(at: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    stand(NOON)
    return stand


@pytest.fixture
def browser() -> Browser:
    return Browser()
