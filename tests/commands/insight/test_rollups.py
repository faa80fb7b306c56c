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

from bekhedmetkom.cases import feed
from bekhedmetkom.insight.commands import Busy, differences, rebuild
from bekhedmetkom.insight.follower import InsightFollower
from bekhedmetkom.kernel.clock import AMMAN
from tests.commands.insight.lives import some, write

BEGAN = datetime(2026, 1, 28, 22, tzinfo=AMMAN)
ALL = 2**62  # beyond all transactions: tests read what is not committed


def follow_all(*, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "BATCH", batch)
    while feed.advance(InsightFollower(), horizon=ALL):
        pass


@pytest.mark.django_db
@settings(max_examples=2, phases=[Phase.generate])  # to make a failing one smaller takes minutes
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_kept_or_made_anew_they_are_the_same(seed: int, batch: int) -> None:
    chance = Random(seed)
    with pytest.MonkeyPatch.context() as monkeypatch, emptied():
        journals = some(chance, 12, BEGAN)
        while journals:  # the cases' events come in any order between cases, as they do
            case, told = chance.choice(journals)
            write(case, [told.pop(0)])
            journals = [one for one in journals if one[1]]
            if chance.random() < 0.2:
                follow_all(batch=batch, monkeypatch=monkeypatch)
        follow_all(batch=batch, monkeypatch=monkeypatch)
        assert differences() == []


@contextmanager
def emptied() -> Iterator[None]:
    """An example leaves nothing to the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Killed(Exception):
    """What a test does to the worker."""


@pytest.mark.django_db
def test_killed_halfway_each_event_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows and cursor move in one transaction: what was cut off is read again, what was not is not."""

    chance = Random(7)
    for case, told in some(chance, 10, BEGAN):
        write(case, told)
    monkeypatch.setattr(feed, "BATCH", 20)
    assert feed.advance(InsightFollower(), horizon=ALL) == 20
    follow = InsightFollower.follow

    def killed(follower: InsightFollower, events: Sequence[feed.FedEvent]) -> None:
        follow(follower, events)
        raise Killed

    monkeypatch.setattr(InsightFollower, "follow", killed)
    for _ in range(3):
        with pytest.raises(Killed), transaction.atomic():
            feed.advance(InsightFollower(), horizon=ALL)
    monkeypatch.setattr(InsightFollower, "follow", follow)
    while feed.advance(InsightFollower(), horizon=ALL):
        pass
    assert differences() == []


@pytest.mark.django_db
def test_one_rebuild_at_a_time() -> None:
    """Two would use the same tables beside those in use. The second says so and touches nothing; a third may."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('rebuild'), hashtext('insight'))")
        with pytest.raises(CommandError, match="already"):
            call_command("projections", "rebuild", stdout=StringIO())
        with pytest.raises(Busy):
            differences()
    finally:
        other.close()
    assert differences() == []


@pytest.mark.django_db
def test_a_rebuild_leaves_every_index_behind() -> None:
    """The new tables take the place of the old ones, with their keys and indexes under the names they had."""
    before = indexes()
    rebuild()
    assert indexes() == before
    assert len(before) > 6


def indexes() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'insight_%'"
            " AND tablename NOT LIKE '%\\_new' ORDER BY 1, 2"
        )
        return [(name, made) for name, made in cursor.fetchall()]
