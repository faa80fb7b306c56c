"""Eight officers act on one case at the same moment: one wins, seven learn what changed, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.journal import Conflict
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import verify_journal
from tests.personas import HOUR, NOON, Jordan


def test_one_wins_and_seven_learn_what_changed(committed_jordan: Jordan) -> None:
    jordan = committed_jordan
    case = jordan.create_case()
    together = Barrier(8)

    def assign(number: int) -> int | Conflict:
        unit = (jordan.roads, jordan.lighting)[number % 2]
        together.wait()
        try:
            return commands.assign_case(case=case.pk, seen=1, unit=unit, actor=jordan.main, at=NOON + HOUR)
        except Conflict as conflict:
            return conflict
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as officers:
        results = list(officers.map(assign, range(8)))
    conflicts = [result for result in results if isinstance(result, Conflict)]
    assert sorted(result for result in results if isinstance(result, int)) == [2]
    assert [(conflict.seq, conflict.changed) for conflict in conflicts] == [(2, ["case.assigned"])] * 7
    assert Event.objects.filter(case=case).count() == 2
    assert list(verify_journal()) == []


def test_eight_sweeps_at_once_record_each_event_once(committed_jordan: Jordan) -> None:
    jordan = committed_jordan
    cases = [jordan.create_case() for _ in range(4)]
    together = Barrier(8)

    def sweep(_: int) -> int:
        together.wait()
        try:
            return commands.sweep_deadlines(cases[0].due_at + HOUR)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as workers:
        recorded = sum(workers.map(sweep, range(8)))
    assert recorded == Event.objects.exclude(seq=1).count() == 4 * 5
    assert all(case.look_at and case.look_at > cases[0].due_at for case in Case.objects.all())
