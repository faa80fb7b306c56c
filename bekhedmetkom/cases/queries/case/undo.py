"""What an officer could still take back, and what was taken back."""

from uuid import UUID

from django.db import connection

from bekhedmetkom.kernel.actor import Actor

from ... import row_security
from ...rules.states import EventType


def find_case_to_undo(viewer: Actor, reference: str) -> UUID | None:
    """The case, where the last thing that happened to it is this officer's own act; the request is let in to it.

    Also where the act has moved it out of their sight. Whether it can be undone still, the command says.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_last_moved_by(%s, %s)", [reference, str(viewer)])
        (case,) = cursor.fetchone()
    if case is None:
        return None
    row_security.allow_undo(case)
    return UUID(str(case))


def build_not_undone_sql(event: str) -> str:
    """As SQL: nobody has taken back the event of this name. It would have been the next thing to happen."""
    return (
        f"NOT EXISTS (SELECT FROM event undo WHERE undo.case_id = {event}.case_id"
        f" AND undo.seq = {event}.seq + 1 AND undo.kind = '{EventType.UNDONE}')"
    )
