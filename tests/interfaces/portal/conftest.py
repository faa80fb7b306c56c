"""The portal under test: a small data set, a browser without script, and a fixed clock."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bekhedmetkom.cases.commands import SubmissionResult
from bekhedmetkom.kernel import clock
from tests.personas import NOON, Jordan

from .browser import Browser

OpenCase = Callable[..., SubmissionResult]


@pytest.fixture(autouse=True)
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Stop the interfaces' clock at noon; a test may move it."""

    def set_time(at: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    set_time(NOON)
    return set_time


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def open_case(jordan: Jordan, browser: Browser) -> OpenCase:
    """A case that this browser has opened with its code."""

    def open_in_browser(**fields: Any) -> SubmissionResult:
        case = jordan.submit(**fields)
        browser.open("/track").send(reference=case.reference, code=case.access_code)
        return case

    return open_in_browser
