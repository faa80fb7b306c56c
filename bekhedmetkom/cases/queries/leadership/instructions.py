"""Instructions from above, and tasks of other units, without a report: of one case, and those of one officer."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from bekhedmetkom.entities.queries import get_prime_ministry, get_units
from bekhedmetkom.identity.queries import get_organisation, get_role_coverage, list_case_handlers
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date

from ...models import Case
from ...rules.actions import HANDLER_RECIPIENT
from ..prepared_statements import prepare_statement
from ..visibility import build_request_filter, build_visibility_filter

MAX_INSTRUCTIONS = 200  # of a list


class GivenInstruction(NamedTuple):
    """`seq` is its event's, `to` a role or the handler, `by` the actor who gave it."""

    seq: int
    kind: str
    to: str
    by: str
    at: datetime
    until: datetime


def list_given_instructions(case: UUID, open_: Collection[int]) -> list[GivenInstruction]:
    """These instructions of a case, the first to fall due first."""
    with connection.cursor() as cursor:
        cursor.execute(_CASE_INSTRUCTIONS_SQL, [case, list(open_)])
        return [GivenInstruction(*row) for row in cursor.fetchall()]


_CASE_INSTRUCTIONS_SQL = """
SELECT seq, kind, data ->> 'for', actor, at, (data ->> 'until')::timestamptz
FROM event WHERE case_id = %s AND seq = ANY (%s) ORDER BY 6, 1
"""


class Instruction(NamedTuple):
    """A line of the list: the case beside what was asked. `mine`: this officer is to do it, else they gave it."""

    reference: str
    entity_id: int
    seq: int
    kind: str
    to: str | None  # none: a task, of a unit or a body
    by: int
    at: datetime
    until: datetime
    text: str
    mine: bool
    case_seq: int


def list_instructions(viewer: Actor, now: datetime) -> list[Instruction]:
    """What the officer gave and what the officer was given, without a report so far; the first to fall due first."""
    found = Case.objects.filter(build_visibility_filter(viewer) | build_request_filter(viewer))
    readable = prepare_statement(found.order_by().values("pk"))
    if not readable.statement:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _INSTRUCTIONS_SQL.format(readable=readable.statement),
            [*_build_viewer_parameters(viewer, now), *readable.values, str(viewer), MAX_INSTRUCTIONS],
        )
        return [Instruction(*row) for row in cursor.fetchall()]


def _build_viewer_parameters(viewer: Actor, now: datetime) -> list[Any]:
    """What decides whether something is this officer's: by name, by unit, or by role at the bodies served."""
    served = {
        role: _get_served_bodies(viewer, role, now)
        for role in (*_DISTRIBUTION_ROLES, Role.HEAD_OF_BODY, Role.MINISTER_OFFICE)
    }
    units = [grant.unit for grant in viewer.grants if grant.unit and grant.role == Role.SUB_OFFICER]
    handled = set[int]().union(*(served[role] for role in _DISTRIBUTION_ROLES))
    if any(grant.role == Role.PM_UNIT for grant in viewer.grants):
        handled |= get_role_coverage(now).get_uncovered_bodies(Role.MAIN_OFFICER)
    bodies = served[Role.MAIN_OFFICER]
    unseated = _list_unstaffed_units(bodies, now)
    if any(grant.role == Role.PM_UNIT for grant in viewer.grants):
        bodies = bodies | {get_prime_ministry()}
    heads, offices = sorted(served[Role.HEAD_OF_BODY]), sorted(served[Role.MINISTER_OFFICE])
    return [
        viewer.officer_id,
        units,
        sorted(handled),
        heads,
        offices,
        sorted({*units, *unseated}),
        sorted(bodies),
        sorted(_list_present_officers(units, now)),
    ]


def _list_present_officers(units: Collection[int], now: datetime) -> set[int]:
    """Who sits in these units and is not away: what is asked of one of them by name is nobody else's to do."""
    return {officer for officer, _ in list_case_handlers(units, now)} - get_organisation(
        now
    ).get_absent_officers()


def _list_unstaffed_units(bodies: Collection[int], now: datetime) -> set[int]:
    """The units of these bodies in which nobody sits, or that have closed: their tasks are the main officer's."""
    own = {unit.id: unit for unit in get_units().values() if unit.entity in bodies}
    open_ = {unit for unit, section in own.items() if section.is_open(get_local_date(now))}
    return own.keys() - {unit for _, unit in list_case_handlers(open_, now)} if own else set()


_DISTRIBUTION_ROLES = (Role.MAIN_OFFICER, Role.INSPECTOR, Role.COORDINATOR, Role.DUTY_OFFICER)


def _get_served_bodies(viewer: Actor, role: Role, now: datetime) -> set[int]:
    service = get_role_coverage(now)
    held = (grant.entity for grant in viewer.grants if grant.role == role and grant.entity is not None)
    return set[int]().union(*(service.get_bodies(role, entity) for entity in held))


# Behind the wall PostgreSQL does not know how few such cases are (migration 0041), and would read every event:
# `OFFSET 0` keeps it to those of one case after the other.
_INSTRUCTIONS_SQL = f"""
SELECT reference, entity_id, seq, kind, "to", split_part(actor, ':', 2)::bigint, at, until, text, mine, case_seq
FROM (
    SELECT c.reference, c.entity_id, c.seq AS case_seq, e.seq, e.kind, e.data ->> 'for' AS "to", e.actor, e.at,
        (e.data ->> 'until')::timestamptz AS until,
        (SELECT body FROM case_text t WHERE t.case_id = c.id AND t.seq = e.seq AND field = 'instruction') AS text,
        CASE WHEN e.data ? 'asked_unit' THEN (e.data ->> 'asked_unit')::bigint = ANY (me.asked) AND (
                NOT e.data ? 'asked_officer' OR (e.data ->> 'asked_officer')::bigint = me.officer
                OR (e.data ->> 'asked_officer')::bigint <> ALL (me.there))
            WHEN e.data ? 'asked_body' THEN (e.data ->> 'asked_body')::bigint = ANY (me.bodies)
            ELSE CASE e.data ->> 'for'
            WHEN '{HANDLER_RECIPIENT}' THEN CASE
                WHEN c.officer_id IS NOT NULL THEN c.officer_id = me.officer
                WHEN c.unit_id IS NOT NULL THEN c.unit_id = ANY (me.units)
                ELSE c.entity_id = ANY (me.handled) END
            WHEN '{Role.HEAD_OF_BODY}' THEN c.entity_id = ANY (me.heads)
            ELSE c.entity_id = ANY (me.offices) END END AS mine
    FROM (VALUES (%s::bigint, %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
            %s::bigint[])) AS me (officer, units, handled, heads, offices, asked, bodies, there),
        "case" c CROSS JOIN LATERAL (
            SELECT seq, kind, actor, at, data FROM event
            WHERE case_id = c.id AND seq = ANY (c.instructions || c.tasks) OFFSET 0
        ) e
    WHERE c.id = ANY (ARRAY(SELECT cases_asked_by_day())) AND c.id IN ({{readable}})) found
WHERE mine OR actor = %s
ORDER BY until, reference, seq LIMIT %s
"""
