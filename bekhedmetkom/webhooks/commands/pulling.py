"""What a body's system says of the cases that are there: into their journals once, for the officer to answer by."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bekhedmetkom.cases.commands.wording import cleaned
from bekhedmetkom.cases.journal import Change, record
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.states import OPEN, EventType
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.kernel.actor import CLOCK

from ..models import Connection, Forwarding
from ..rules.forwarding import ASKED_EVERY, LOOKED_FOR, NOTES_LONGEST, Step, Why, worth_saying
from ..rules.georeport import FarRequest
from ..rules.telling import wait_after
from ..server import NotThis, Server
from .forwarding import still_its

CLOSED_EVERY = timedelta(
    hours=6
)  # what is closed there, and waits for its officer here: it may be opened again
OFTEN = 16  # questions, over three days, after which nobody expects it to be shown any more


def pull(server: Server, connection: Connection, rows: Sequence[Forwarding], at: datetime) -> int:
    """Ask how these stand, and keep what is new; how many had news."""
    cases = Case.objects.in_bulk({row.case_id for row in rows})
    ours = [row for row in rows if _is_asked(connection, cases[row.case_id])]
    over = {row.pk for row in rows} - {row.pk for row in ours}
    Forwarding.objects.filter(pk__in=over).update(step=Step.OVER)
    if not ours:
        return 0
    try:
        shown = {one.id: one for one in server.requests(row.far_id for row in ours)}
    except NotThis:  # it knows no lists of numbers
        shown = {}
    news = 0
    for row in ours:
        one = shown.get(row.far_id) or server.request(row.far_id)
        if row.sent_at and at - row.sent_at < LOOKED_FOR[-1]:
            # What it shows at once, it would show if it had come (forwarding.look).
            at_once = one is not None and cases[row.case_id].reference in one.words
            Connection.objects.filter(pk=connection.pk).update(shows=at_once)
        if one is None:
            _not_shown(row, at)
        else:
            news += _heard(row, one, at)
    return news


def _is_asked(connection: Connection, case: Case) -> bool:
    return case.state in OPEN and still_its(connection, case)


def _heard(row: Forwarding, one: FarRequest, at: datetime) -> bool:
    notes = cleaned(one.notes)[:NOTES_LONGEST]
    heard = hashlib.sha256(f"{one.closed}\n{notes}".encode()).hexdigest()
    moved: dict[str, Any] = {
        "heard": heard,
        "tries": 0,
        "next_at": at + (CLOSED_EVERY if one.closed else ASKED_EVERY),
    }
    with transaction.atomic():
        mine = Forwarding.objects.select_for_update().get(pk=row.pk)
        news = heard != mine.heard and worth_saying(one.closed, notes, mine.heard)
        try:
            if news:
                with transaction.atomic():
                    _written(row, one.closed, notes, at)
        except NotPossibleNow:  # answered meanwhile
            moved = {"step": Step.OVER}
            news = False
        Forwarding.objects.filter(pk=row.pk).update(**moved)
    return news


def _written(row: Forwarding, closed: bool, notes: str, at: datetime) -> None:
    data = {"system": row.connection_id, "far_status": "closed" if closed else "open"}
    act = Change(EventType.SYSTEM_SAID, data, {"system": notes} if notes else {})
    record(case=row.case_id, seen=None, actor=CLOCK, at=at, decide=lambda _: act)


def _not_shown(row: Forwarding, at: datetime) -> None:
    given_up: dict[str, Any] = {"parked_at": at, "why": Why.NOT_SHOWN} if row.tries + 1 >= OFTEN else {}
    Forwarding.objects.filter(pk=row.pk).update(
        tries=row.tries + 1, next_at=at + wait_after(row.tries + 4), **given_up
    )
