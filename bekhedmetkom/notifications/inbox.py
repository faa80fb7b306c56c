"""Officers' inbox lines for a batch of events, and whether each line gets an e-mail at once."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from bekhedmetkom.cases.models import Event

from .queries import build_email_preferences
from .rules.inbox import (
    HOUR,
    INBOX_TEXTS,
    EmailFrequency,
    EmailTiming,
    InboxCategory,
    choose_email_timing,
    get_grouped_email_time,
)
from .rules.templates import Template

EMAIL_COUNT_LOOKBACK = timedelta(
    days=1
)  # nothing that a batch tells goes earlier than this before the first of it


class OfficerInbox(NamedTuple):
    """An officer's e-mail preferences and the times of e-mails to them, this batch's included."""

    preferences: dict[InboxCategory, EmailFrequency]
    email_times: list[datetime]


class InboxBatch:
    """Inbox lines of one batch of events, starting at event id `first`. One line per officer and event."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._rows: dict[tuple[int, int], tuple[Any, ...]] = {}
        self._officers: dict[int, OfficerInbox] = {}

    def add_event(
        self, officer: int, template: Template, event: Event, stands: datetime, when: datetime,
        *, urgent: bool, kept: bool,
    ) -> bool:  # fmt: skip
        """Add a line for the officer; return whether an e-mail of its own is sent at `when`.

        E-mails within an hour before or after count towards the limit, so the order of cases does not matter.
        """
        if (officer, event.pk) in self._rows:
            return False
        sort, who = INBOX_TEXTS[template].category, self._get_officer(officer, when)
        sent = sum(abs(one - when) < HOUR for one in who.email_times)
        goes = choose_email_timing(who.preferences[sort], urgent=urgent, kept=kept, sent=sent)
        self._rows[officer, event.pk] = (
            officer, event.case_id, sort, template, event.pk, stands, goes is EmailTiming.DAILY,
            get_grouped_email_time(when, urgent=urgent) if goes is EmailTiming.GROUPED else None,
        )  # fmt: skip
        if goes is EmailTiming.NOW:
            who.email_times.append(when)
        return goes is EmailTiming.NOW

    def save(self) -> None:
        """Write the lines: one per officer, case and category, holding the latest event."""
        with connection.cursor() as cursor:
            cursor.executemany(_UPSERT_ENTRY_SQL, list(self._rows.values()))

    def _get_officer(self, officer: int, when: datetime) -> OfficerInbox:
        """Load the officer with one query, without e-mails of this batch's own events, which exist only in a replay."""
        if officer not in self._officers:
            with connection.cursor() as cursor:
                cursor.execute(
                    _OFFICER_SQL,
                    {"officer": officer, "first": self._first, "since": when - EMAIL_COUNT_LOOKBACK},
                )
                said, mailed = cursor.fetchone()
            self._officers[officer] = OfficerInbox(build_email_preferences(said or ()), list(mailed))
        return self._officers[officer]


_OFFICER_SQL = """
SELECT (SELECT array_agg(ARRAY[about, mail]) FROM notifications_choice WHERE officer_id = %(officer)s),
    ARRAY(SELECT not_before FROM notifications_message
          WHERE officer_id = %(officer)s AND event_id < %(first)s AND not_before > %(since)s)
"""

_UPSERT_ENTRY_SQL = """
INSERT INTO notifications_notice (officer_id, case_id, sort, template, event_id, at, daily, mail_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (officer_id, case_id, sort) DO UPDATE
SET template = excluded.template, event_id = excluded.event_id, at = excluded.at, seen_at = NULL,
    daily = notifications_notice.daily OR excluded.daily,
    mail_at = coalesce(notifications_notice.mail_at, excluded.mail_at)
WHERE notifications_notice.event_id < excluded.event_id
"""
