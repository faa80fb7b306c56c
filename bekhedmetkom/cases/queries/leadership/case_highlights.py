"""Beside cases of a page: where each stands, what its official was told of it, what came of it. One query."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from bekhedmetkom.identity.queries import get_role_coverage
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.text import BilingualText

from ...models import build_case_state
from ...rules.case_state import STATE_COLUMNS, CaseState
from ...rules.events import EVENTS
from ...rules.states import EventType
from ..case.timeline import build_event_values
from ..case.undo import build_not_undone_sql
from .escalations import Escalation, build_escalation, get_bodies_by_level


class CaseHighlights(NamedTuple):
    """`raised` is empty where nobody was told. `news` and `newest`: what happened since a follower looked."""

    standing: CaseState
    raised: Escalation | None
    reply: str
    followed: bool
    news: int
    newest: BilingualText | None


def get_case_highlights(viewer: Actor, cases: Collection[UUID], now: datetime) -> dict[UUID, CaseHighlights]:
    """All that is shown beside these cases, which the officer may read."""
    if not cases:
        return {}
    levels = [str(level) for level in get_bodies_by_level(viewer, get_role_coverage(now))]
    with connection.cursor() as cursor:
        cursor.execute(_HIGHLIGHTS_SQL, [levels, viewer.officer_id, list(cases)])
        return {row[0]: _build_highlights(row) for row in cursor.fetchall()}


def _build_highlights(row: Sequence[Any]) -> CaseHighlights:
    standing = build_case_state(dict(zip(STATE_COLUMNS, row[1 : 1 + len(STATE_COLUMNS)], strict=True)))
    *told, reply, looked, news = row[1 + len(STATE_COLUMNS) :]
    newest = None
    if news:
        kind, data = news[0]
        newest = EVENTS[EventType(kind)].officer_text.format(
            **build_event_values(data, standing.entity_id, get_local_date(standing.updated_at), {})
        )
    return CaseHighlights(
        standing, build_escalation(standing, told) if told[0] else None, reply or "", looked is not None,
        len(news or ()), newest,
    )  # fmt: skip


# The newest word to a level of this officer's; else, for who knows what others may not, to any.
_HIGHLIGHTS_SQL = f"""
SELECT c.id, {", ".join(f"c.{column}" for column in STATE_COLUMNS)}, told.kind, told.at, told.data::json,
    (SELECT json_build_array(name_ar, name_en) FROM identity_officer
        WHERE id = nullif(told.data ->> 'by', '')::bigint),
    (SELECT body FROM case_text t WHERE t.case_id = c.id AND t.seq = told.seq AND t.field = 'cause'),
    (SELECT json_agg(json_build_array(e.kind, e.at, e.data, json_build_array(o.name_ar, o.name_en)) ORDER BY e.seq DESC)
        FROM event e LEFT JOIN identity_officer o ON o.id = split_part(e.actor, ':', 2)::bigint
        WHERE e.case_id = c.id AND e.seq > told.seq AND e.actor LIKE 'officer:%%' AND e.kind <> '{EventType.UNDONE}'
            AND {build_not_undone_sql("e")}),
    (SELECT body FROM case_text t WHERE c.state = 'awaiting_approval' AND t.case_id = c.id AND t.field = 'reply'
        ORDER BY t.id DESC LIMIT 1),
    follow.looked,
    (SELECT json_agg(json_build_array(e.kind, e.data) ORDER BY e.seq DESC)
        FROM event e WHERE e.case_id = c.id AND e.seq > follow.looked)
FROM (VALUES (%s::text[], %s::bigint)) me (levels, officer) CROSS JOIN "case" c
LEFT JOIN LATERAL (
    SELECT kind, at, data, seq FROM event e
    WHERE e.case_id = c.id AND e.kind IN ('{EventType.IDLE}', '{EventType.OVERDUE}', '{EventType.ESCALATED}')
        AND {build_not_undone_sql("e")}
    ORDER BY coalesce(data ->> 'level', data ->> 'to') = ANY (me.levels) DESC, seq DESC LIMIT 1) told ON true
LEFT JOIN case_follow follow ON follow.case_id = c.id AND follow.officer_id = me.officer
WHERE c.id = ANY (%s)
"""
