"""Weighing, each night, every body's topics in each governorate: what priorities are ranked by."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce

from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import AMMAN, get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ..models import RollUp
from ..rules.grains import find_grain
from ..rules.priorities import PRIORITY_DAYS
from ..storage import PlanningDecision, PriorityCell

TopicAndGovernorate = tuple[int, int]  # topic and governorate
CELL_FIELDS = ("service", "governorate")
REPEAT_PERIOD = timedelta(days=180)  # so long an answer may have been to the same; `OF_CASES` says it too
SUMMED_MEASURES = ("received", "no", "upheld", "partly", "appealed")
MAX_DECISION_LENGTH = 500
MAX_DECISION_AGE_DAYS = 365  # days back that a decision may lie


def update_priorities(at: datetime) -> int:
    """Body by body, so that no transaction is long; how many cells there are."""
    today, cells = get_local_date(at), 0
    bodies = list(
        RollUp.objects.filter(grain=find_grain({"entity"}), span="day", day__gte=today - timedelta(days=PRIORITY_DAYS))
        .values_list("entity", flat=True).distinct()
    )  # fmt: skip
    for body in bodies:
        rows = _build_cells(body, today, at)
        with transaction.atomic():
            PriorityCell.objects.filter(entity=body).delete()
            PriorityCell.objects.bulk_create(rows)
        cells += len(rows)
    PriorityCell.objects.exclude(created_at=at).delete()
    return cells


def _build_cells(body: int, today: date, at: datetime) -> list[PriorityCell]:
    since = today - timedelta(days=PRIORITY_DAYS)
    own = RollUp.objects.filter(
        grain=find_grain({"entity", *CELL_FIELDS}, light=True), entity=body, service__gt=0, governorate__gt=0
    )
    flowed = own.filter(span="day", day__gte=since, day__lt=today).values_list(*CELL_FIELDS).annotate(
        **{f"sum_{name}": Coalesce(Sum(name), 0) for name in SUMMED_MEASURES}
    )  # fmt: skip
    stands = own.filter(span="open").values_list(*CELL_FIELDS, "day", "waiting")
    waiting: dict[TopicAndGovernorate, int] = {}
    age: dict[TopicAndGovernorate, int] = {}
    for service, governorate, day, n in stands:
        key = service, governorate
        waiting[key] = waiting.get(key, 0) + (n or 0)
        age[key] = age.get(key, 0) + (n or 0) * (today - day).days
    beside = _count_case_details(body, since, today)
    rows = []
    for service, governorate, received, no, upheld, partly, appealed in flowed:
        key = service, governorate
        urgent, again, people = beside.get(key, (0, 0, 0))
        rows.append(
            PriorityCell(
                entity=body, service=service, governorate=governorate, received=received, unsolved=no,
                upheld=upheld + partly, appealed=appealed, urgent=urgent, recurring=again, people=people,
                waiting=waiting.get(key, 0), total_age_days=age.get(key, 0), created_at=at,
            )
        )  # fmt: skip
    return rows


def _count_case_details(
    body: int, since: date, today: date
) -> Mapping[TopicAndGovernorate, tuple[int, int, int]]:
    """What only the cases say: how many are urgent, came again, and how many people wrote. Only counts leave it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LONG_READ_SETTINGS)
        between = {
            "since": _get_midnight(since),
            "until": _get_midnight(today),
            "earlier": _get_midnight(since) - REPEAT_PERIOD,
        }
        cursor.execute(CASE_DETAILS, {"body": body, **between})
        return {(service, place): (urgent, again, people) for service, place, urgent, again, people in cursor}


# It reads all of a large body's cases, and may take longer than serving transactions do: whoever only reads holds up
# no follower.
LONG_READ_SETTINGS = (
    "SELECT set_config('transaction_timeout', '0', true), set_config('statement_timeout', '60s', true)"
)

# A square of 0.005 degrees, about 500 metres: what two people call the same place. Receipts and answers of a square in
# one order, so that each receipt meets the last answer before it: to compare all with all would never end where
# thousands write from one place.
CASE_DETAILS = """
WITH placed AS (
    SELECT c.id, c.service_id, c.governorate_id, c.received_at, c.answered_at, c.urgent, p.phone,
        lower(p.email) AS email,
        CASE WHEN p.lat <> '' AND p.lng <> '' THEN round(p.lat::numeric * 200) END AS lat,
        CASE WHEN p.lat <> '' AND p.lng <> '' THEN round(p.lng::numeric * 200) END AS lng
    FROM "case" c JOIN case_particulars p ON p.case_id = c.id
    WHERE c.entity_id = %(body)s AND c.care = 'open' AND c.service_id IS NOT NULL AND c.governorate_id IS NOT NULL
        AND c.received_at >= %(earlier)s AND c.received_at < %(until)s),
moments AS (
    SELECT placed.*, answer, max(answer) OVER (
        PARTITION BY service_id, lat, lng ORDER BY at, answer NULLS FIRST ROWS UNBOUNDED PRECEDING) AS before
    FROM placed, LATERAL (VALUES (received_at, NULL), (answered_at, answered_at)) AS both_of (at, answer)
    WHERE at IS NOT NULL)
SELECT service_id, governorate_id, count(*) FILTER (WHERE urgent),
    count(*) FILTER (WHERE lat IS NOT NULL AND before > received_at - interval '180 days'),
    count(DISTINCT coalesce(nullif(phone, ''), nullif(email, ''), id::text))
FROM moments WHERE answer IS NULL AND received_at >= %(since)s GROUP BY service_id, governorate_id
"""


def _get_midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=AMMAN)


@transaction.atomic
def record_decision(
    *, entity: int, service: int, governorate: int, day: date, words: str, actor: Actor, at: datetime
) -> int:
    """Write down what was decided for a body's topic in a governorate, and from which day on."""
    reach, today, said = (
        get_reachable_bodies(actor, Permission.PLAN),
        get_local_date(at),
        " ".join(words.split()),
    )
    if reach is not None and entity not in reach:
        raise NotAllowed
    if not PriorityCell.objects.filter(entity=entity, service=service, governorate=governorate).exists():
        raise InvalidInput(FieldError("words", NOT_LISTED))
    if not today - timedelta(days=MAX_DECISION_AGE_DAYS) <= day <= today:
        raise InvalidInput(FieldError("day", INVALID_DAY))
    if not 3 <= len(said) <= MAX_DECISION_LENGTH:
        raise InvalidInput(FieldError("words", INVALID_DECISION_TEXT))
    row = PlanningDecision.objects.create(
        entity_id=entity, service_id=service, governorate_id=governorate, effective_on=day, text=said,
        officer_id=int(actor.id), at=at,
    )  # fmt: skip
    after: dict[str, Any] = {
        "entity": entity,
        "service": service,
        "governorate": governorate,
        "day": str(day),
    }
    ChangeRecord.objects.create(
        at=at,
        actor=str(actor),
        model=PlanningDecision._meta.label_lower,
        key=str(row.pk),
        before=None,
        after=after,
    )
    return row.pk


NOT_LISTED = BilingualText(
    "لم يعد هذا في القائمة. ارجع إليها واختر.", "That is no longer on the list. Go back and choose."
)
INVALID_DAY = BilingualText(
    "اختر يومًا من السنة الماضية حتى اليوم.", "Choose a day from the last year up to today."
)
INVALID_DECISION_TEXT = BilingualText(
    f"اكتب ما تقرر، حتى {MAX_DECISION_LENGTH} حرف.",
    f"Say what was decided, in up to {MAX_DECISION_LENGTH} letters.",
)
