"""Sums that are kept while things happen are those that the journal gives when it is read anew."""

from datetime import datetime
from random import Random

import pytest
from django.db import connection
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bekhedmetkom.cases import feed
from bekhedmetkom.insight.commands import differences
from bekhedmetkom.insight.follower import InsightFollower
from bekhedmetkom.kernel.clock import AMMAN
from tests.commands.insight.lives import some, write

BEGAN = datetime(2026, 1, 28, 22, tzinfo=AMMAN)
ALL = 2**62  # beyond all transactions: tests read what is not committed


def follow(*, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "BATCH", batch)
    while feed.advance(InsightFollower(), horizon=ALL):
        pass


@pytest.mark.django_db
@settings(max_examples=2, phases=[Phase.generate])  # to make a failing one smaller takes minutes
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_kept_or_made_anew_they_are_the_same(seed: int, batch: int) -> None:
    chance = Random(seed)
    with pytest.MonkeyPatch.context() as monkeypatch, connection.cursor() as cursor:
        journals = some(chance, 12, BEGAN)
        while journals:  # the cases' events come in any order between cases, as they do
            case, told = chance.choice(journals)
            write(case, [told.pop(0)])
            journals = [one for one in journals if one[1]]
            if chance.random() < 0.2:
                follow(batch=batch, monkeypatch=monkeypatch)
        follow(batch=batch, monkeypatch=monkeypatch)
        assert differences() == []
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        for table in ("event", '"case"', "insight_rollup", "insight_flow", "follower"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
