"""While events are followed: what an officer's bell shows, and whether an e-mail goes about it at once."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from bekhedmetkom.cases.models import Event

from .queries import as_chosen
from .rules.news import HOUR, LINES, Mail, Sort, Way, together_at, way
from .rules.templates import Template

BEFORE = timedelta(days=1)  # nothing that a batch tells goes earlier than this before the first of it


class Hearer(NamedTuple):
    """An officer: what they chose, and when e-mails go to them, by this batch too."""

    chosen: dict[Sort, Mail]
    mailed: list[datetime]


class Bell:
    """One batch, which begins with the event `first`. Nobody hears of one event twice, whatever it is to them."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._rows: dict[tuple[int, int], tuple[Any, ...]] = {}
        self._hearers: dict[int, Hearer] = {}

    def mails(
        self, officer: int, template: Template, event: Event, stands: datetime, when: datetime,
        *, urgent: bool, kept: bool,
    ) -> bool:  # fmt: skip
        """Notice it, and say whether an e-mail of its own goes, `when` the hour allows.

        What counts goes within an hour of it, before or after: no order of cases makes more of an hour.
        """
        if (officer, event.pk) in self._rows:
            return False
        sort, who = LINES[template].sort, self._hearer(officer, when)
        sent = sum(abs(one - when) < HOUR for one in who.mailed)
        goes = way(who.chosen[sort], urgent=urgent, kept=kept, sent=sent)
        self._rows[officer, event.pk] = (
            officer, event.case_id, sort, template, event.pk, stands, goes is Way.DAILY,
            together_at(when, urgent=urgent) if goes is Way.TOGETHER else None,
        )  # fmt: skip
        if goes is Way.NOW:
            who.mailed.append(when)
        return goes is Way.NOW

    def ring(self) -> None:
        """Write down what is new: a case has one line for each reason, and the latest of it counts."""
        with connection.cursor() as cursor:
            cursor.executemany(_RING, list(self._rows.values()))

    def _hearer(self, officer: int, when: datetime) -> Hearer:
        """By one query. E-mails of this batch's own events are not in the table, but by a replay, and are left out."""
        if officer not in self._hearers:
            with connection.cursor() as cursor:
                cursor.execute(_HEARS, {"officer": officer, "first": self._first, "since": when - BEFORE})
                said, mailed = cursor.fetchone()
            self._hearers[officer] = Hearer(as_chosen(said or ()), list(mailed))
        return self._hearers[officer]


_HEARS = """
SELECT (SELECT array_agg(ARRAY[about, mail]) FROM messages_choice WHERE officer_id = %(officer)s),
    ARRAY(SELECT not_before FROM messages_message
          WHERE officer_id = %(officer)s AND event_id < %(first)s AND not_before > %(since)s)
"""

_RING = """
INSERT INTO messages_notice (officer_id, case_id, sort, template, event_id, at, daily, mail_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (officer_id, case_id, sort) DO UPDATE
SET template = excluded.template, event_id = excluded.event_id, at = excluded.at, seen_at = NULL,
    daily = messages_notice.daily OR excluded.daily, mail_at = coalesce(messages_notice.mail_at, excluded.mail_at)
WHERE messages_notice.event_id < excluded.event_id
"""
