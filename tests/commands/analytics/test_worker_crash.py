"""Followers are killed with -9 again and again while things happen: each event counts once in the figures.

`tests/interfaces/cli/test_supervisor.py` does the same to the real worker, `bench crash` at length.
"""

from itertools import cycle
from multiprocessing import get_context
from random import Random
from time import monotonic

from django.db import connection

from bekhedmetkom.analytics.commands import find_differences
from bekhedmetkom.analytics.models import RollUp
from bekhedmetkom.cases import feed
from bekhedmetkom.cases.models import Case
from tests.interfaces.api.case_stages import create_answered_case
from tests.personas import Jordan
from tests.queries.cases.test_feed import ALL

KILL_COUNT = 10


def run_projections() -> None:
    """As the worker does, all followers in turn."""
    for follower in cycle(feed.get_consumers()):
        feed.advance_consumer(follower, horizon=ALL)


def test_killed_again_and_again_each_event_counts_once(committed_jordan: Jordan) -> None:
    chance = Random(5)
    for _ in range(KILL_COUNT):
        connection.close()  # a child shares no connection with its parent
        worker = get_context("fork").Process(target=run_projections)
        worker.start()
        until = monotonic() + chance.uniform(0.05, 0.2)
        while monotonic() < until:
            case = committed_jordan.create_case()
            if chance.random() < 0.3:
                create_answered_case(committed_jordan, case)
        worker.kill()
        worker.join()
        assert worker.exitcode == -9
    for follower in feed.get_consumers():
        while feed.advance_consumer(follower, horizon=ALL):
            pass
    assert Case.objects.count() >= KILL_COUNT
    assert RollUp.objects.exists()
    assert find_differences() == []
