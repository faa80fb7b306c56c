"""Sums that are kept while things happen are those that the journal gives when it is read anew."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bekhedmetkom.analytics.commands import RebuildRunning, find_differences, rebuild_rollups
from bekhedmetkom.analytics.projection import AnalyticsProjection
from bekhedmetkom.cases import feed
from bekhedmetkom.kernel.clock import AMMAN
from tests.commands.analytics.random_journals import generate_journals, insert_journal

BEGAN = datetime(2026, 1, 28, 22, tzinfo=AMMAN)
NO_HORIZON = 2**62  # beyond all transactions: tests read what is not committed


def run_projection(*, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "BATCH_SIZE", batch)
    while feed.advance_consumer(AnalyticsProjection(), horizon=NO_HORIZON):
        pass


@pytest.mark.django_db
@settings(max_examples=2, phases=[Phase.generate])  # to make a failing one smaller takes minutes
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_kept_or_made_anew_they_are_the_same(seed: int, batch: int) -> None:
    chance = Random(seed)
    with pytest.MonkeyPatch.context() as monkeypatch, rolled_back():
        journals = generate_journals(chance, 12, BEGAN)
        while journals:  # the cases' events come in any order between cases, as they do
            case, told = chance.choice(journals)
            insert_journal(case, [told.pop(0)])
            journals = [one for one in journals if one[1]]
            if chance.random() < 0.2:
                run_projection(batch=batch, monkeypatch=monkeypatch)
        run_projection(batch=batch, monkeypatch=monkeypatch)
        assert find_differences() == []


@contextmanager
def rolled_back() -> Iterator[None]:
    """An example leaves nothing to the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class WorkerKilled(Exception):
    """What a test does to the worker."""


@pytest.mark.django_db
def test_killed_halfway_each_event_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows and cursor move in one transaction: what was cut off is read again, what was not is not."""

    chance = Random(7)
    for case, told in generate_journals(chance, 10, BEGAN):
        insert_journal(case, told)
    monkeypatch.setattr(feed, "BATCH_SIZE", 20)
    assert feed.advance_consumer(AnalyticsProjection(), horizon=NO_HORIZON) == 20
    handle_events = AnalyticsProjection.handle_events

    def killed(follower: AnalyticsProjection, events: Sequence[feed.FeedEvent]) -> None:
        handle_events(follower, events)
        raise WorkerKilled

    monkeypatch.setattr(AnalyticsProjection, "handle_events", killed)
    for _ in range(3):
        with pytest.raises(WorkerKilled), transaction.atomic():
            feed.advance_consumer(AnalyticsProjection(), horizon=NO_HORIZON)
    monkeypatch.setattr(AnalyticsProjection, "handle_events", handle_events)
    while feed.advance_consumer(AnalyticsProjection(), horizon=NO_HORIZON):
        pass
    assert find_differences() == []


@pytest.mark.django_db
def test_one_rebuild_at_a_time() -> None:
    """Two would use the same tables beside those in use. The second says so and touches nothing; a third may."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('rebuild'), hashtext('analytics'))")
        with pytest.raises(CommandError, match="already"):
            call_command("projections", "rebuild", stdout=StringIO())
        with pytest.raises(RebuildRunning):
            find_differences()
    finally:
        other.close()
    assert find_differences() == []


@pytest.mark.django_db
def test_a_rebuild_leaves_every_index_behind() -> None:
    """The new tables take the place of the old ones, with their keys and indexes under the names they had."""
    before = list_indexes()
    rebuild_rollups()
    assert list_indexes() == before
    assert len(before) > 6


def list_indexes() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'analytics_%'"
            " AND tablename NOT LIKE '%\\_new' ORDER BY 1, 2"
        )
        return [(name, made) for name, made in cursor.fetchall()]
