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

from ..models import Case, Event
from .rows import Row, as_rows, lines_of
from .telling import Entry, Past, officers_in, told_inside
from .visible import visible
from .worded import worded

MOST = 100  # cases of one summary …
LOOKED_AT = 200  # … of so many that were ever theirs: some may be out of their sight by now


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A case that the officer had in hand, and what others and the clock did with it, the newest first."""

    case: Row
    entries: list[Entry]


def while_away(viewer: Actor, since: datetime, until: datetime, now: datetime) -> list[Meanwhile]:
    """Of the cases that the officer ever had in hand and may read, what moved without them; the latest first."""
    had = RawSQL(
        """"case".id = ANY (ARRAY(SELECT cases_had_by(%s, %s, %s)))""", (viewer.officer_id, since, LOOKED_AT),
        output_field=BooleanField(),
    )  # fmt: skip
    moved = Case.objects.filter(Q(had), visible(viewer))
    statement = worded(lines_of(moved.order_by("-updated_at")[:MOST]))
    with connection.cursor() as cursor:
        cursor.execute(statement.statement, statement.values)
        rows = {row.id: row for row in as_rows(cursor.fetchall(), now)}
    past: defaultdict[UUID, list[Past]] = defaultdict(list)
    events = Event.objects.filter(case__in=rows).order_by("-seq")
    for case, *event in events.values_list("case_id", *Past._fields):
        past[case].append(Past(*event))
    people = get_officer_names(officers_in([event for told in past.values() for event in told]))
    summary = []
    for key, row in rows.items():
        entries = [
            entry
            for entry in told_inside(row.entity_id, past[key], (), people)
            if since <= entry.at < until and entry.actor != str(viewer)
        ]
        if entries:
            summary.append(Meanwhile(row, entries))
    return summary
