"""Letting a request through the wall: PostgreSQL shows a case's rows only to whom it was let in (migration 0003).

The wall stands behind `rules.access`, not in its place: it is coarser, and holds what a query forgot to ask. Doors let
in whom they have recognised; the pool puts it down when the connection comes back (`config.settings`).
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor

from .rules.access import CONFIDENTIALITY_ROLES

SET_OFFICER_SQL = """
SELECT set_config('bk.officer', %s, false), set_config('bk.bodies', %s, false),
       set_config('bk.everywhere', %s, false), set_config('bk.knows', %s, false),
       set_config('bk.above', %s, false), set_config('bk.within', %s, false)
"""
SET_CASES_SQL = "SELECT set_config('bk.cases', %s, false)"


def allow_officer(actor: Actor) -> None:
    """Let in an officer: their bodies' open cases, the need-to-know ones of their roles, and what names them.

    None that complains of them, of somebody above them, or of a unit in which they work.
    """
    bodies = get_reachable_bodies(actor, Permission.READ)
    _set_context(
        SET_OFFICER_SQL,
        _format_array([actor.officer_id] if actor.officer_id else []),
        _format_array(sorted(bodies or ())),
        "yes" if bodies is None else "no",
        _format_array(list_visible_confidentiality(actor)),
        _format_array({actor.officer_id or 0, *actor.superiors}),
        _format_array(actor.unit_ids),
    )


def allow_citizen(*cases: UUID) -> None:
    """Let in whoever has opened these cases, by access code, cookie or confirmed contact."""
    _set_context(SET_CASES_SQL, _format_array(cases))


def allow_undo(case: UUID) -> None:
    """Let in whoever acted last on this case, which may be out of their sight by now."""
    _set_context(SET_CASES_SQL, _format_array([case]))


def list_visible_confidentiality(actor: Actor) -> list[str]:
    """The levels of care whose cases the officer's roles may find, `open` always among them."""
    held = {grant.role for grant in actor.grants}
    return [str(Handling.OPEN), *(str(care) for care, role in CONFIDENTIALITY_ROLES.items() if role in held)]


def _set_context(statement: str, *values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    connection.connection.let_in = True  # so that the pool puts it down (config.roles)


def _format_array(values: Iterable[object]) -> str:
    """As PostgreSQL writes arrays; ids and care levels need no quotes."""
    return f"{{{','.join(map(str, values))}}}"
