"""Polls bodies' systems for forwarded cases and records news in the case journal."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bekhedmetkom.cases.commands.text_validation import clean_text
from bekhedmetkom.cases.journal import Change, record
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.states import OPEN_STATES, EventType
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.kernel.actor import CLOCK

from ..georeport_client import GeoReportClient, RequestRefused
from ..models import Connection, Forwarding
from ..rules.forwarding import (
    LOOKUP_DELAYS,
    MAX_NOTES_LENGTH,
    POLL_INTERVAL,
    ForwardingStep,
    ParkedReason,
    is_news,
)
from ..rules.georeport import RemoteRequest
from ..rules.webhook_protocol import get_retry_delay
from .forwarding import is_at_body_of

CLOSED_POLL_INTERVAL = timedelta(
    hours=6
)  # what is closed there, and waits for its officer here: it may be opened again
MAX_MISSING_POLLS = 16  # questions, over three days, after which nobody expects it to be shown any more


def fetch_updates(
    server: GeoReportClient, connection: Connection, rows: Sequence[Forwarding], at: datetime
) -> int:
    """Poll these forwardings and store what is new; return how many had news."""
    cases = Case.objects.in_bulk({row.case_id for row in rows})
    ours = [row for row in rows if _is_polled(connection, cases[row.case_id])]
    over = {row.pk for row in rows} - {row.pk for row in ours}
    Forwarding.objects.filter(pk__in=over).update(step=ForwardingStep.ENDED)
    if not ours:
        return 0
    try:
        shown = {one.id: one for one in server.list_requests(row.far_id for row in ours)}
    except RequestRefused:  # it knows no lists of numbers
        shown = {}
    news = 0
    for row in ours:
        one = shown.get(row.far_id) or server.get_request(row.far_id)
        if row.sent_at and at - row.sent_at < LOOKUP_DELAYS[-1]:
            # What it shows at once, it would show if it had come (forwarding.look).
            at_once = one is not None and cases[row.case_id].reference in one.text
            Connection.objects.filter(pk=connection.pk).update(shows=at_once)
        if one is None:
            _record_missing(row, at)
        else:
            news += _record_update(row, one, at)
    return news


def _is_polled(connection: Connection, case: Case) -> bool:
    return case.state in OPEN_STATES and is_at_body_of(connection, case)


def _record_update(row: Forwarding, one: RemoteRequest, at: datetime) -> bool:
    notes = clean_text(one.notes)[:MAX_NOTES_LENGTH]
    heard = hashlib.sha256(f"{one.is_closed}\n{notes}".encode()).hexdigest()
    moved: dict[str, Any] = {
        "heard": heard,
        "tries": 0,
        "next_at": at + (CLOSED_POLL_INTERVAL if one.is_closed else POLL_INTERVAL),
    }
    with transaction.atomic():
        mine = Forwarding.objects.select_for_update().get(pk=row.pk)
        news = heard != mine.heard and is_news(one.is_closed, notes, mine.heard)
        try:
            if news:
                with transaction.atomic():
                    _write_to_journal(row, one.is_closed, notes, at)
        except NotPossibleNow:  # answered meanwhile
            moved = {"step": ForwardingStep.ENDED}
            news = False
        Forwarding.objects.filter(pk=row.pk).update(**moved)
    return news


def _write_to_journal(row: Forwarding, closed: bool, notes: str, at: datetime) -> None:
    data = {"system": row.connection_id, "far_status": "closed" if closed else "open"}
    act = Change(EventType.SYSTEM_SAID, data, {"system": notes} if notes else {})
    record(case=row.case_id, seen=None, actor=CLOCK, at=at, decide=lambda _: act)


def _record_missing(row: Forwarding, at: datetime) -> None:
    given_up: dict[str, Any] = (
        {"parked_at": at, "why": ParkedReason.NOT_SHOWN} if row.tries + 1 >= MAX_MISSING_POLLS else {}
    )
    Forwarding.objects.filter(pk=row.pk).update(
        tries=row.tries + 1, next_at=at + get_retry_delay(row.tries + 4), **given_up
    )
