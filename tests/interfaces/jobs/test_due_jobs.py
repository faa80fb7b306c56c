"""`work --once` does everything due, the timetable asks for it, and the worker's loops outlive a failure."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import pytest
from django.core.management import call_command
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from bekhedmetkom.cases import feed
from bekhedmetkom.cases.models import Case, Idempotency
from bekhedmetkom.entities.models import Holiday
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.interfaces.jobs import tasks, worker
from bekhedmetkom.interfaces.jobs.due_jobs import DueJobs
from bekhedmetkom.kernel import clock
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.rules.delivery import MessageState
from tests.personas import DAY, NOON, Jordan, create_world


def happened(case: Case) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM event WHERE case_id = %s ORDER BY seq", [case.pk])
        return [kind for (kind,) in cursor.fetchall()]


def test_work_once_does_everything_due(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = create_world().create_case()
    monkeypatch.setattr(clock, "now", lambda: NOON + 60 * DAY)
    # The horizon is the whole server's, and other tests hold transactions open beside this one.
    monkeypatch.setattr(feed, "advance_consumer", partial(feed.advance_consumer, horizon=2**60))
    call_command("work", "--once", stdout=io.StringIO())
    assert happened(case)[0] == "case.submitted"
    assert len(happened(case)) > 1
    assert Message.objects.filter(state=MessageState.KEPT).exists()  # no provider is set up
    assert not Message.objects.filter(state=MessageState.QUEUED, not_before__lte=NOON + 60 * DAY).exists()
    again = io.StringIO()
    call_command("work", "--once", stdout=again)
    assert again.getvalue() == "0 done\n"


@pytest.mark.django_db
def test_holiday_reschedules_open_cases_once(jordan: Jordan) -> None:
    due = DueJobs()
    case = jordan.create_case()
    due.run_minute(NOON)
    before = Case.objects.get(pk=case.pk).due_at
    Holiday.objects.create(
        date=before.date(), name_ar="عيد", name_en="Feast", expected=False, decision="بلاغ 1"
    )
    refresh_versions()
    assert due.run_minute(NOON + DAY / 24) == 1
    assert Case.objects.get(pk=case.pk).due_at > before
    assert due.run_minute(NOON + DAY / 24) == 0


def test_timetable_lists_all_periodic_jobs() -> None:
    crons = {
        task.task.name.rsplit(".", 1)[1]: task.cron for task in app.periodic_registry.periodic_tasks.values()
    }
    assert crons == {
        "run_due_jobs": "* * * * *",
        "retry_stalled_jobs": "* * * * *",
        "delete_unclaimed_uploads": "*/10 * * * *",
        "erase_conversations": "*/5 * * * *",
        "count_case_visits": "*/5 * * * *",
        "update_forecasts_and_alerts": "25 * * * *",
        "compute_priorities_nightly": "40 3 * * *",
        "create_monthly_reports": "5 * * * *",
        "delete_expired_data": "15 3 * * *",
    }


@pytest.mark.django_db
def test_nightly_job_deletes_expired_data(jordan: Jordan, monkeypatch: pytest.MonkeyPatch) -> None:
    jordan.create_case()
    monkeypatch.setattr(clock, "now", lambda: NOON + 2 * DAY)
    assert Idempotency.objects.count() == 1
    tasks.delete_expired_data(0)
    assert Idempotency.objects.count() == 0


@pytest.mark.django_db
def test_loop_continues_after_a_failure() -> None:
    stop = Event()
    tries: list[None] = []

    def fail_twice_then_stop() -> None:
        tries.append(None)
        if len(tries) == 3:
            stop.set()
        raise ValueError("the network is down")

    worker._run_loop(stop, 0, fail_twice_then_stop)
    assert len(tries) == 3


def test_each_event_consumer_has_its_own_loop() -> None:
    """One that is slow, or fails, holds up no other: open pages hear within a second, whatever the others do."""
    names = {name for name, _seconds, _step in worker.list_loops()}
    assert {f"follower {each.name}" for each in feed.get_consumers()} <= names


def test_stalled_job_is_retried_by_another_worker(committed_db: str) -> None:
    """Otherwise no deadline would be looked at again: each minute's job waits for the lock of the one before."""
    create_world()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
        )
        cursor.execute(
            """
            INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status, args, worker_id)
            SELECT 'default', %s, 'due', 'doing', '{"timestamp": 0}', id FROM procrastinate_workers
            """,
            [tasks.run_due_jobs.name],
        )
        app.configure_task(tasks.retry_stalled_jobs.name).defer(timestamp=0)
        with ThreadPoolExecutor(1) as apart:  # this thread may have a browser's loop
            apart.submit(asyncio.run, _worked()).result()
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE lock = 'due'")
        assert cursor.fetchone() == ("succeeded",)


async def _worked() -> None:
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as there:
        async with there.open_async():
            await there.run_worker_async(wait=False, install_signal_handlers=False)
            await there.run_worker_async(wait=False, install_signal_handlers=False)
