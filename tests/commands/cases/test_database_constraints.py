"""Whoever goes round the journal is refused by PostgreSQL, or found out by `journal verify`, in which event."""

import pytest
from django.db import Error, IntegrityError, connection, transaction

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.queries import verify_journal
from tests.personas import HOUR, NOON, Jordan


def run(sql: str) -> None:
    """What somebody with the database in hand types, up to the checks of its commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE \"case\" SET due_at = due_at + interval '1 day'",
        'UPDATE "case" SET seq = seq + 1',
        'UPDATE "case" SET seq = seq + 2',
        "UPDATE \"case\" SET state = 'resolved', seq = seq + 1",
        "UPDATE \"case\" SET reference = 'BK-0000-0000', seq = seq + 1",
        "UPDATE event SET at = at - interval '1 day'",
        "DELETE FROM event",
        "TRUNCATE event CASCADE",
        "INSERT INTO event (case_id, seq, state, kind, at, actor, data, hash)"
        " SELECT id, seq + 1, state, 'case.noted', now(), 'clock', '{}', '' FROM \"case\"",
    ],
)
def test_refused(jordan: Jordan, sql: str) -> None:
    jordan.create_case()
    with pytest.raises(Error):
        run(sql)
    assert list(verify_journal()) == []


def forge(sql: str) -> None:
    """The same with the triggers off, as only the owner of the tables could."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = origin")


@pytest.mark.parametrize(
    ("sql", "seq", "what"),
    [
        ("UPDATE event SET at = at - interval '1 hour' WHERE seq = 2", 2, "changed after it was written"),
        ("UPDATE event SET actor = 'officer:0' WHERE seq = 2", 2, "changed after it was written"),
        (
            "UPDATE event SET data = data || '{\"unit_id\": 0}' WHERE seq = 2",
            2,
            "changed after it was written",
        ),
        ("UPDATE \"case\" SET due_at = due_at + interval '9 days'", 3, "column due_at differs"),
        ('UPDATE "case" SET stars = 5', 3, "column stars differs"),
        ("DELETE FROM event WHERE seq = 2", 2, "missing"),
        ("UPDATE case_text SET body = 'كلام آخر' WHERE field = 'text'", 1, "its text was changed"),
        ("DELETE FROM case_text WHERE field = 'note'", 3, "its note is missing"),
        ("UPDATE case_particulars SET phone = '+962790000000'", 1, "its particulars were changed"),
        ("UPDATE \"case\" SET head = 'x'", 3, "another head"),
    ],
)
def test_found_out(jordan: Jordan, sql: str, seq: int, what: str) -> None:
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    commands.add_note(case=case.pk, seen=2, text="ملاحظة", actor=jordan.main, at=NOON + HOUR)
    assert list(verify_journal()) == []
    forge(sql)
    faults = [(fault.reference, fault.seq, fault.what) for fault in verify_journal()]
    assert any((ref, s) == (case.reference, seq) and what in w for ref, s, w in faults), faults


def test_what_belongs_in_the_sealed_box_never_has_a_row(jordan: Jordan) -> None:
    """Not even with every trigger off: it is a constraint of the table."""
    jordan.create_case()
    with pytest.raises(IntegrityError, match="case_is_never_sealed"), transaction.atomic():
        forge("UPDATE \"case\" SET care = 'sealed_iacc', withheld = true")
