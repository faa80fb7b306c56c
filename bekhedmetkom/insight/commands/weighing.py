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

from ..kept import Decision, Weighed
from ..models import RollUp
from ..rules.gaps import DAYS
from ..rules.grains import grain_for

Key = tuple[int, int]  # topic and governorate
CELL = ("service", "governorate")
EARLIER = timedelta(days=180)  # so long an answer may have been to the same; `OF_CASES` says it too
SUMMED = ("received", "no", "upheld", "partly", "appealed")
LETTERS = 500
LONG_AGO = 365  # days back that a decision may lie


def weigh(at: datetime) -> int:
    """Body by body, so that no transaction is long; how many cells there are."""
    today, cells = get_local_date(at), 0
    bodies = list(
        RollUp.objects.filter(grain=grain_for({"entity"}), span="day", day__gte=today - timedelta(days=DAYS))
        .values_list("entity", flat=True).distinct()
    )  # fmt: skip
    for body in bodies:
        rows = _of_body(body, today, at)
        with transaction.atomic():
            Weighed.objects.filter(entity=body).delete()
            Weighed.objects.bulk_create(rows)
        cells += len(rows)
    Weighed.objects.exclude(made_at=at).delete()
    return cells


def _of_body(body: int, today: date, at: datetime) -> list[Weighed]:
    since = today - timedelta(days=DAYS)
    own = RollUp.objects.filter(
        grain=grain_for({"entity", *CELL}, light=True), entity=body, service__gt=0, governorate__gt=0
    )
    flowed = own.filter(span="day", day__gte=since, day__lt=today).values_list(*CELL).annotate(
        **{f"sum_{name}": Coalesce(Sum(name), 0) for name in SUMMED}
    )  # fmt: skip
    stands = own.filter(span="open").values_list(*CELL, "day", "waiting")
    waiting: dict[Key, int] = {}
    age: dict[Key, int] = {}
    for service, governorate, day, n in stands:
        key = service, governorate
        waiting[key] = waiting.get(key, 0) + (n or 0)
        age[key] = age.get(key, 0) + (n or 0) * (today - day).days
    beside = _of_cases(body, since, today)
    rows = []
    for service, governorate, received, no, upheld, partly, appealed in flowed:
        key = service, governorate
        urgent, again, people = beside.get(key, (0, 0, 0))
        rows.append(
            Weighed(
                entity=body, service=service, governorate=governorate, received=received, no=no,
                upheld=upheld + partly, appealed=appealed, urgent=urgent, again=again, people=people,
                waiting=waiting.get(key, 0), age=age.get(key, 0), made_at=at,
            )
        )  # fmt: skip
    return rows


def _of_cases(body: int, since: date, today: date) -> Mapping[Key, tuple[int, int, int]]:
    """What only the cases say: how many are urgent, came again, and how many people wrote. Only counts leave it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PATIENT)
        between = {
            "since": _midnight(since),
            "until": _midnight(today),
            "earlier": _midnight(since) - EARLIER,
        }
        cursor.execute(OF_CASES, {"body": body, **between})
        return {(service, place): (urgent, again, people) for service, place, urgent, again, people in cursor}


# It reads all of a large body's cases, and may take longer than serving transactions do: whoever only reads holds up
# no follower.
PATIENT = "SELECT set_config('transaction_timeout', '0', true), set_config('statement_timeout', '60s', true)"

# A square of 0.005 degrees, about 500 metres: what two people call the same place. Receipts and answers of a square in
# one order, so that each receipt meets the last answer before it: to compare all with all would never end where
# thousands write from one place.
OF_CASES = """
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


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=AMMAN)


@transaction.atomic
def decide(
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
    if not Weighed.objects.filter(entity=entity, service=service, governorate=governorate).exists():
        raise InvalidInput(FieldError("words", NOWHERE))
    if not today - timedelta(days=LONG_AGO) <= day <= today:
        raise InvalidInput(FieldError("day", WHEN))
    if not 3 <= len(said) <= LETTERS:
        raise InvalidInput(FieldError("words", WHAT))
    row = Decision.objects.create(
        entity_id=entity, service_id=service, governorate_id=governorate, day=day, words=said,
        officer_id=int(actor.id), at=at,
    )  # fmt: skip
    after: dict[str, Any] = {
        "entity": entity,
        "service": service,
        "governorate": governorate,
        "day": str(day),
    }
    ChangeRecord.objects.create(
        at=at, actor=str(actor), model=Decision._meta.label_lower, key=str(row.pk), before=None, after=after
    )
    return row.pk


NOWHERE = BilingualText(
    "لم يعد هذا في القائمة. ارجع إليها واختر.", "That is no longer on the list. Go back and choose."
)
WHEN = BilingualText("اختر يومًا من السنة الماضية حتى اليوم.", "Choose a day from the last year up to today.")
WHAT = BilingualText(
    f"اكتب ما تقرر، حتى {LETTERS} حرف.", f"Say what was decided, in up to {LETTERS} letters."
)
