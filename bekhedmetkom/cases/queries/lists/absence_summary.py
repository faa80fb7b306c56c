"""What happened to an officer's cases while they were away."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from bekhedmetkom.identity.queries import get_officer_names
from bekhedmetkom.kernel.actor import Actor

from ...models import Case, Event
from ..case.timeline import PastEvent, TimelineEntry, build_officer_timeline, list_named_officers
from ..prepared_statements import prepare_statement
from ..visibility import build_visibility_filter
from .case_rows import CaseRow, build_rows, select_rows

MAX_CASES = 100  # cases of one summary …
MAX_EXAMINED_CASES = 200  # … of so many that were ever theirs: some may be out of their sight by now


@dataclass(frozen=True, slots=True)
class CaseDuringAbsence:
    """A case that the officer had in hand, and what others and the clock did with it, the newest first."""

    case: CaseRow
    entries: list[TimelineEntry]


def list_changes_during_absence(
    viewer: Actor, since: datetime, until: datetime, now: datetime
) -> list[CaseDuringAbsence]:
    """Of the cases that the officer ever had in hand and may read, what moved without them; the latest first."""
    had = RawSQL(
        """"case".id = ANY (ARRAY(SELECT cases_had_by(%s, %s, %s)))""", (viewer.officer_id, since, MAX_EXAMINED_CASES),
        output_field=BooleanField(),
    )  # fmt: skip
    moved = Case.objects.filter(Q(had), build_visibility_filter(viewer))
    statement = prepare_statement(select_rows(moved.order_by("-updated_at")[:MAX_CASES]))
    with connection.cursor() as cursor:
        cursor.execute(statement.statement, statement.values)
        rows = {row.id: row for row in build_rows(cursor.fetchall(), now)}
    past: defaultdict[UUID, list[PastEvent]] = defaultdict(list)
    events = Event.objects.filter(case__in=rows).order_by("-seq")
    for case, *event in events.values_list("case_id", *PastEvent._fields):
        past[case].append(PastEvent(*event))
    people = get_officer_names(list_named_officers([event for told in past.values() for event in told]))
    summary = []
    for key, row in rows.items():
        entries = [
            entry
            for entry in build_officer_timeline(row.entity_id, past[key], (), people)
            if since <= entry.at < until and entry.actor != str(viewer)
        ]
        if entries:
            summary.append(CaseDuringAbsence(row, entries))
    return summary
