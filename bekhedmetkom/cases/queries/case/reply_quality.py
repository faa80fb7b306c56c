"""A reply, judged beside what the directory says and what its writer wrote before."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from bekhedmetkom.catalogue.queries import list_reply_templates
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.queries import get_tree, list_units
from bekhedmetkom.kernel.clock import get_local_date

from ...rules.case_state import CaseState
from ...rules.quality import FindingCode, Judgement, PastReply, ReplyContext, judge_reply
from .undo import build_not_undone_sql


def judge_case_reply(
    *, case: UUID, standing: CaseState, writer: int | None, at: datetime, text: str,
    disposition: Disposition | None, given: frozenset[FindingCode] = frozenset(),
) -> Judgement:  # fmt: skip
    """What is good and what is missing in the text that `writer` (an officer's key) would answer this case with."""
    day, body = get_local_date(at), get_tree()[standing.entity_id]
    units = list_units(body.id, day)
    templates = list_reply_templates(kind=standing.kind, entity=body.id, on=day)
    context = ReplyContext(
        kind=standing.kind,
        disposition=disposition,
        units=[
            body.name_ar,
            body.name_en,
            *(name for unit in units for name in (unit.name_ar, unit.name_en)),
        ],
        matter=_get_matter(standing.service_id, standing.reference),
        past=_list_past_replies(writer, case),
        given=given,
        templates=[text for template in templates for text in (template.body_ar, template.body_en)],
    )
    return judge_reply(text, context)


def _list_past_replies(writer: int | None, case: UUID) -> list[PastReply]:
    """The officer's last replies on other cases, as far as whoever asks may see them."""
    if writer is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(PAST_REPLIES_SQL, {"actor": f"officer:{writer}", "case": case})
        return [
            PastReply(text, _get_matter(service, reference), reference)
            for text, service, reference in cursor.fetchall()
        ]


def _get_matter(service: int | None, reference: str) -> str:
    """What a case is about: its topic; without one, nothing but itself."""
    return f"topic {service}" if service else reference


# The index `event_reply_of` (models.Event) has these events in this order.
PAST_REPLIES_SQL = f"""
SELECT said.body, about.service_id, about.reference
FROM (SELECT id, case_id, seq FROM event
      WHERE actor = %(actor)s AND kind IN ('case.answered', 'reply.submitted') AND case_id <> %(case)s
        AND {build_not_undone_sql("event")}
      ORDER BY id DESC LIMIT 50) written
JOIN case_text said ON said.case_id = written.case_id AND said.seq = written.seq AND said.field IN ('answer', 'reply')
JOIN "case" about ON about.id = written.case_id
ORDER BY written.id DESC
"""
