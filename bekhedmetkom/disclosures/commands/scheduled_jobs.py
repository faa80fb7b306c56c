"""Scheduled jobs of the box. Each runs once per period, whoever calls and however often."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from bekhedmetkom.kernel.clock import AMMAN, get_local_date

from .. import emails
from ..installation import get_installation
from ..models import CompletedJob
from ..reports import list_reports, lock_report, save_state
from ..rules.published_counts import add_new_months
from .erasure import erase_expired_reports
from .row_shuffling import shuffle_all_reports, shuffle_days, shuffle_reports_of_day

DIGEST_HOURS = (8, 14)
ADVISORY_LOCK_ID = 5_150_003


def run_due_jobs(at: datetime) -> list[str]:
    """Run everything that is due at `at` and return the names of the jobs that ran."""
    with _try_lock() as has_lock:
        if not has_lock:
            return []
        return [job for job, period, run in _list_due_jobs(at) if _run_once(job, period, run)]


def _list_due_jobs(at: datetime) -> Iterator[tuple[str, str, Callable[[], None]]]:
    local, today = at.astimezone(AMMAN), get_local_date(at)
    yield "mix", f"{local:%Y-%m-%d %H}", lambda: shuffle_days([today, today - timedelta(1)])
    for hour in DIGEST_HOURS:
        if local.hour >= hour:
            yield (
                f"letter of {hour}",
                str(today),
                lambda: emails.send_email("digest", get_installation().mail_to),
            )
    if local.hour >= DIGEST_HOURS[0]:
        yield "dates", str(today), lambda: alert_missed_deadlines(today)
    yield "erase", str(today), lambda: erase_expired_reports(today)
    yield "count", str(today), lambda: publish_counts(today)
    yield "mix all", str(today), shuffle_all_reports


def alert_missed_deadlines(today: date) -> None:
    """Send the Commission's chiefs one email for all deadlines missed since the last."""
    missed = [
        unwrapped.report.id
        for unwrapped in list_reports()
        if unwrapped.state.is_late(today)
        and (deadline := unwrapped.state.next_deadline)
        and deadline.kind not in unwrapped.state.alerted
    ]
    if not missed:
        return
    emails.send_email("alert", get_installation().alert_to)
    for report in missed:
        with lock_report(id=report) as unwrapped:
            if deadline := unwrapped.state.next_deadline:
                alerted = (*unwrapped.state.alerted, deadline.kind)
                save_state(unwrapped, replace(unwrapped.state, alerted=alerted))
                shuffle_reports_of_day(unwrapped.report.day)


def publish_counts(today: date) -> None:
    """Add newly publishable months to the counts file; published months never change."""
    file = get_installation().counts_file
    counts: dict[str, Any] = (
        json.loads(file.read_text()) if file.exists() else {"from": str(today), "received": {}}
    )
    days = [unwrapped.report.day for unwrapped in list_reports()]
    counts["received"] = add_new_months(counts["received"], days, date.fromisoformat(counts["from"]), today)
    new = file.with_suffix(".new")
    new.write_text(json.dumps(counts, ensure_ascii=False, indent=1, sort_keys=True))
    new.replace(file)


def _run_once(job: str, period: str, run: Callable[[], None]) -> bool:
    if CompletedJob.objects.filter(job=job, period=period).exists():
        return False
    try:
        run()
    except Exception:  # retried in a minute; it must not block the other jobs
        logging.getLogger("box").exception("scheduled job failed: %s", job)
        return False
    CompletedJob.objects.update_or_create(job=job, defaults={"period": period})
    return True


@contextmanager
def _try_lock() -> Iterator[bool]:
    """Take the lock of all processes' schedulers; yields whether it was free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK_ID])
        (has_lock,) = cursor.fetchone()
        try:
            yield bool(has_lock)
        finally:
            if has_lock:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK_ID])
