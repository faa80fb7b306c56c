"""Topics come in one order, whatever order the database brings them in: a table and its CSV are the same twice."""

from datetime import date

import pytest

from bekhedmetkom.analytics.queries import breakdowns
from bekhedmetkom.analytics.rules.slices import Slice

TODAY = date(2026, 11, 24)


def test_the_most_frequent_comes_first_and_of_equal_ones_the_older(monkeypatch: pytest.MonkeyPatch) -> None:
    brought = [("service", str(topic), came, *[0] * 13) for topic, came in ((7, 2), (9, 5), (3, 2), (4, 8))]
    monkeypatch.setattr(breakdowns, "fetch_rows", lambda statement, values: brought)
    found = breakdowns.get_breakdowns(Slice(TODAY, TODAY), TODAY)["topics"]
    assert [(one.service, one.received) for one in found] == [(4, 8), (9, 5), (3, 2), (7, 2)]
