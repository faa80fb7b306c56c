"""What time brings about in the box. Each is done once, whoever asks and however often."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from bekhedmetkom.kernel.clock import AMMAN, local_day

from .. import letters
from ..models import Done
from ..place import place
from ..rules.counts import with_new_months
from ..standing import every, in_hand, save
from .erasing import erase_what_is_over
from .mixing import mix, mix_all, mix_in

LETTER_HOURS = (8, 14)
LOCK = 5_150_003


def work(at: datetime) -> list[str]:
    """Everything that is due at `at`; what was done."""
    with _alone() as mine:
        return [what for what, last, due in _due(at) if _once(what, last, due)] if mine else []


def _due(at: datetime) -> Iterator[tuple[str, str, Callable[[], None]]]:
    here, today = at.astimezone(AMMAN), local_day(at)
    yield "mix", f"{here:%Y-%m-%d %H}", lambda: mix([today, today - timedelta(1)])
    for hour in LETTER_HOURS:
        if here.hour >= hour:
            yield f"letter of {hour}", str(today), lambda: letters.send("digest", place().mail_to)
    if here.hour >= LETTER_HOURS[0]:
        yield "dates", str(today), lambda: alert_of_missed_dates(today)
    yield "erase", str(today), lambda: erase_what_is_over(today)
    yield "count", str(today), lambda: publish_counts(today)
    yield "mix all", str(today), mix_all


def alert_of_missed_dates(today: date) -> None:
    """One letter to the Commission's chain for all that were missed since the last."""
    late = [found for found in every() if found.state.is_late(today)]
    fresh = [one for one in late if one.state.due and one.state.due.promise not in one.state.alerted]
    if not fresh:
        return
    letters.send("alert", place().alert_to)
    for one in fresh:
        with in_hand(id=one.report.id) as found:
            due = found.state.due
            if due:
                save(found, replace(found.state, alerted=(*found.state.alerted, due.promise)))
                mix_in(found.report.day)


def publish_counts(today: date) -> None:
    """The file of what may be known. What is in it already stays as it is."""
    file = place().counts
    said: dict[str, Any] = (
        json.loads(file.read_text()) if file.exists() else {"from": str(today), "received": {}}
    )
    days = [found.report.day for found in every()]
    said["received"] = with_new_months(said["received"], days, date.fromisoformat(said["from"]), today)
    new = file.with_suffix(".new")
    new.write_text(json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True))
    new.replace(file)


def _once(what: str, last: str, due: Callable[[], None]) -> bool:
    if Done.objects.filter(what=what, last=last).exists():
        return False
    try:
        due()
    except Exception:  # tried again in a minute; a mail server that is away holds up no erasure
        logging.getLogger("box").exception("the clock: %s", what)
        return False
    Done.objects.update_or_create(what=what, defaults={"last": last})
    return True


@contextmanager
def _alone() -> Iterator[bool]:
    """One clock at a time, of all processes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (mine,) = cursor.fetchone()
        try:
            yield bool(mine)
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
