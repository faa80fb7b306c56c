"""Who has a case open just now, so that two do not write the same answer. Said every few seconds by the page."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.text import BilingualText

from ...queries.case.readers import CaseReaders
from ...rules.case_state import CaseState
from ...workspace_models import Presence

PRESENCE_TIMEOUT = timedelta(seconds=25)  # two and a half times as often as the page says so


class PresentOfficer(NamedTuple):
    name: BilingualText
    writing: bool


def record_presence(
    *, case: UUID, standing: CaseState, actor: Actor, at: datetime, writing: bool
) -> list[PresentOfficer]:
    """Say that this officer has the case open; returns the others who have, as far as they may read it."""
    with connection.cursor() as cursor:
        cursor.execute(
            RECORD_PRESENCE_SQL,
            [case, actor.officer_id, at, writing, case, actor.officer_id, at - PRESENCE_TIMEOUT, at],
        )
        others = dict(cursor.fetchall())
    return [
        PresentOfficer(BilingualText(who.name_ar, who.name_en or who.name_ar), others[who.pk])
        for who in CaseReaders().of(others, standing, at)
    ]


def delete_stale_presence(at: datetime) -> int:
    """Whoever has gone, on cases that nobody opened since."""
    return Presence.objects.filter(at__lt=at - PRESENCE_TIMEOUT).delete()[0]


RECORD_PRESENCE_SQL = """
WITH me AS (
    INSERT INTO case_presence (case_id, officer_id, at, writing) VALUES (%s, %s, %s, %s)
    ON CONFLICT (case_id, officer_id) DO UPDATE SET at = excluded.at, writing = excluded.writing)
SELECT officer_id, writing FROM case_presence WHERE case_id = %s AND officer_id <> %s AND at BETWEEN %s AND %s
"""
