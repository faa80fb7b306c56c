"""What came of a body's words: which templates its replies began from and what the citizen said of them, and what went
out though it says too little. From the journal, of the last days alone; nothing of a need-to-know case is in it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from bekhedmetkom.catalogue.queries import get_template_series
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.identity.queries import get_officer_names
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.text import BilingualText

from ...models import Case
from ..case.timeline import parse_officer_id
from ..case.undo import build_not_undone_sql
from ..visibility import build_visibility_filter

TEMPLATE_DAYS = 90
QUALITY_DAYS = 30
MAX_OVERRIDES = 50  # the newest


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """How often replies began from a text, and what their citizens said of them afterwards."""

    used: int = 0
    solved: int = 0
    unsolved: int = 0
    appealed: int = 0

    def __add__(self, other: "TemplateUse") -> "TemplateUse":
        return TemplateUse(
            self.used + other.used, self.solved + other.solved, self.unsolved + other.unsolved,
            self.appealed + other.appealed,
        )  # fmt: skip


def get_template_use(entity: int, now: datetime) -> Mapping[tuple[object, ...], TemplateUse]:
    """By text, all its versions together: its use in replies of this body in the last 90 days."""
    use: dict[tuple[object, ...], TemplateUse] = {}
    with connection.cursor() as cursor:
        cursor.execute(TEMPLATE_USE_SQL, {"body": str(entity), "since": now - timedelta(days=TEMPLATE_DAYS)})
        for template, *counted in cursor.fetchall():
            if series := get_template_series(template):
                use[series] = use.get(series, TemplateUse()) + TemplateUse(*counted)
    return use


NOT_UNDONE_SQL = build_not_undone_sql("said")
# The citizen's word on a reply is the last one before the case was answered again.
TEMPLATE_USE_SQL = f"""
SELECT (said.data->>'template')::bigint, count(*),
    count(*) FILTER (WHERE word IN ('citizen.confirmed', 'phone.solved')),
    count(*) FILTER (WHERE word IN ('citizen.denied', 'phone.unsolved') OR appealed), count(*) FILTER (WHERE appealed)
FROM event said CROSS JOIN LATERAL (
    SELECT coalesce(bool_or(kind = 'citizen.appealed'), false) AS appealed,
        (array_agg(kind ORDER BY seq DESC) FILTER (WHERE kind IN (
            'citizen.confirmed', 'citizen.denied', 'phone.solved', 'phone.unsolved')))[1] AS word
    FROM event later WHERE later.case_id = said.case_id AND later.seq > said.seq AND later.seq < coalesce(
        (SELECT min(seq) FROM event again WHERE again.case_id = said.case_id AND again.seq > said.seq
            AND again.kind IN ('case.answered', 'reply.approved', 'abuse.confirmed')), 2147483647)
) afterwards
WHERE said.data ? 'body' AND said.data->>'body' = %(body)s AND said.at >= %(since)s AND said.data ? 'template'
    AND {NOT_UNDONE_SQL}
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class SentReplies:
    """How many words a body sent, and how many of them though they say too little."""

    sent: int
    overridden: int


def count_sent_replies(bodies: Collection[int], now: datetime) -> dict[int, SentReplies]:
    """By body, in the last 30 days; a body that sent nothing is missing."""
    with connection.cursor() as cursor:
        cursor.execute(SENT_REPLIES_SQL, [[str(body) for body in bodies], now - timedelta(days=QUALITY_DAYS)])
        return {int(body): SentReplies(sent, overridden) for body, sent, overridden in cursor.fetchall()}


SENT_REPLIES_SQL = f"""
SELECT data->>'body', count(*), count(*) FILTER (WHERE data->>'overridden' = '1') FROM event said
WHERE data ? 'body' AND data->>'body' = ANY (%s) AND at >= %s
    AND {NOT_UNDONE_SQL}
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class QualityOverride:
    """A word that went out though it says too little: on which case, by whom and why."""

    reference: str
    at: datetime
    by: BilingualText | None
    reason: str
    score: int


def list_quality_overrides(viewer: Actor, entity: int, now: datetime) -> list[QualityOverride]:
    """The newest ones of a body in the last 30 days, on cases that the viewer may read."""
    since = now - timedelta(days=QUALITY_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(OVERRIDES_SQL, {"body": str(entity), "since": since, "limit": MAX_OVERRIDES})
        rows = cursor.fetchall()
    cases = Case.objects.filter(
        build_visibility_filter(viewer), pk__in=[row[0] for row in rows], care=Handling.OPEN
    )
    mine = dict(cases.values_list("pk", "reference"))
    people = get_officer_names({parse_officer_id(actor) or 0 for _, _, actor, _, _ in rows})
    return [
        QualityOverride(mine[case], at, people.get(parse_officer_id(actor) or 0), reason, score)
        for case, at, actor, reason, score in rows
        if case in mine
    ]


OVERRIDES_SQL = f"""
SELECT said.case_id, said.at, said.actor, why.body, (said.data->>'quality')::int
FROM event said JOIN case_text why ON why.case_id = said.case_id AND why.seq = said.seq AND why.field = 'quality_reason'
WHERE said.data ? 'body' AND said.data->>'body' = %(body)s AND said.at >= %(since)s AND said.data->>'overridden' = '1'
    AND {NOT_UNDONE_SQL}
ORDER BY said.at DESC LIMIT %(limit)s
"""
