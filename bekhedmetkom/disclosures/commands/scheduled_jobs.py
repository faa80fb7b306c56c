"""What time brings about in the box. Each is done once, whoever asks and however often."""

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
    """Everything that is due at `at`; what was done."""
    with _try_lock() as mine:
        return [what for what, last, due in _list_due_jobs(at) if _run_once(what, last, due)] if mine else []


def _list_due_jobs(at: datetime) -> Iterator[tuple[str, str, Callable[[], None]]]:
    here, today = at.astimezone(AMMAN), get_local_date(at)
    yield "mix", f"{here:%Y-%m-%d %H}", lambda: shuffle_days([today, today - timedelta(1)])
    for hour in DIGEST_HOURS:
        if here.hour >= hour:
            yield (
                f"letter of {hour}",
                str(today),
                lambda: emails.send_email("digest", get_installation().mail_to),
            )
    if here.hour >= DIGEST_HOURS[0]:
        yield "dates", str(today), lambda: alert_missed_deadlines(today)
    yield "erase", str(today), lambda: erase_expired_reports(today)
    yield "count", str(today), lambda: publish_counts(today)
    yield "mix all", str(today), shuffle_all_reports


def alert_missed_deadlines(today: date) -> None:
    """One letter to the Commission's chain for all that were missed since the last."""
    late = [found for found in list_reports() if found.state.is_late(today)]
    fresh = [one for one in late if one.state.due and one.state.due.promise not in one.state.alerted]
    if not fresh:
        return
    emails.send_email("alert", get_installation().alert_to)
    for one in fresh:
        with lock_report(id=one.report.id) as found:
            due = found.state.due
            if due:
                save_state(found, replace(found.state, alerted=(*found.state.alerted, due.promise)))
                shuffle_reports_of_day(found.report.day)


def publish_counts(today: date) -> None:
    """The file of what may be known. What is in it already stays as it is."""
    file = get_installation().counts
    said: dict[str, Any] = (
        json.loads(file.read_text()) if file.exists() else {"from": str(today), "received": {}}
    )
    days = [found.report.day for found in list_reports()]
    said["received"] = add_new_months(said["received"], days, date.fromisoformat(said["from"]), today)
    new = file.with_suffix(".new")
    new.write_text(json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True))
    new.replace(file)


def _run_once(what: str, last: str, due: Callable[[], None]) -> bool:
    if CompletedJob.objects.filter(what=what, last=last).exists():
        return False
    try:
        due()
    except Exception:  # tried again in a minute; a mail server that is away holds up no erasure
        logging.getLogger("box").exception("the clock: %s", what)
        return False
    CompletedJob.objects.update_or_create(what=what, defaults={"last": last})
    return True


@contextmanager
def _try_lock() -> Iterator[bool]:
    """One clock at a time, of all processes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK_ID])
        (mine,) = cursor.fetchone()
        try:
            yield bool(mine)
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK_ID])
