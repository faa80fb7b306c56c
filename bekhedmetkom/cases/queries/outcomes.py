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

from ..models import Case
from .telling import officer_of
from .undoing import stands
from .visible import visible

TEMPLATE_DAYS = 90
QUALITY_DAYS = 30
REASONS = 50  # the newest


@dataclass(frozen=True, slots=True)
class Use:
    """How often replies began from a text, and what their citizens said of them afterwards."""

    used: int = 0
    solved: int = 0
    unsolved: int = 0
    appealed: int = 0

    def __add__(self, other: "Use") -> "Use":
        return Use(
            self.used + other.used, self.solved + other.solved, self.unsolved + other.unsolved,
            self.appealed + other.appealed,
        )  # fmt: skip


def template_use(entity: int, now: datetime) -> Mapping[tuple[object, ...], Use]:
    """By text, all its versions together: its use in replies of this body in the last 90 days."""
    use: dict[tuple[object, ...], Use] = {}
    with connection.cursor() as cursor:
        cursor.execute(USED, {"body": str(entity), "since": now - timedelta(days=TEMPLATE_DAYS)})
        for template, *counted in cursor.fetchall():
            if series := get_template_series(template):
                use[series] = use.get(series, Use()) + Use(*counted)
    return use


STANDS = stands("said")
# The citizen's word on a reply is the last one before the case was answered again.
USED = f"""
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
    AND {STANDS}
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Passed:
    """How many words a body sent, and how many of them though they say too little."""

    sent: int
    overridden: int


def words_sent(bodies: Collection[int], now: datetime) -> dict[int, Passed]:
    """By body, in the last 30 days; a body that sent nothing is missing."""
    with connection.cursor() as cursor:
        cursor.execute(SENT, [[str(body) for body in bodies], now - timedelta(days=QUALITY_DAYS)])
        return {int(body): Passed(sent, overridden) for body, sent, overridden in cursor.fetchall()}


SENT = f"""
SELECT data->>'body', count(*), count(*) FILTER (WHERE data->>'overridden' = '1') FROM event said
WHERE data ? 'body' AND data->>'body' = ANY (%s) AND at >= %s
    AND {STANDS}
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Overridden:
    """A word that went out though it says too little: on which case, by whom and why."""

    reference: str
    at: datetime
    by: BilingualText | None
    reason: str
    score: int


def overridden(viewer: Actor, entity: int, now: datetime) -> list[Overridden]:
    """The newest ones of a body in the last 30 days, on cases that the viewer may read."""
    since = now - timedelta(days=QUALITY_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(WHY, {"body": str(entity), "since": since, "limit": REASONS})
        rows = cursor.fetchall()
    cases = Case.objects.filter(visible(viewer), pk__in=[row[0] for row in rows], care=Handling.OPEN)
    mine = dict(cases.values_list("pk", "reference"))
    people = get_officer_names({officer_of(actor) or 0 for _, _, actor, _, _ in rows})
    return [
        Overridden(mine[case], at, people.get(officer_of(actor) or 0), reason, score)
        for case, at, actor, reason, score in rows
        if case in mine
    ]


WHY = f"""
SELECT said.case_id, said.at, said.actor, why.body, (said.data->>'quality')::int
FROM event said JOIN case_text why ON why.case_id = said.case_id AND why.seq = said.seq AND why.field = 'quality_reason'
WHERE said.data ? 'body' AND said.data->>'body' = %(body)s AND said.at >= %(since)s AND said.data->>'overridden' = '1'
    AND {STANDS}
ORDER BY said.at DESC LIMIT %(limit)s
"""
