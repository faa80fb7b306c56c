"""The API's rows of the permission table. A refusal changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.rules.access import VERBS
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.identity.queries import actor_of
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from tests.commands.attachments.corpus import jpeg
from tests.interfaces.permission_table import ANYONE, CITIZEN, Row
from tests.people import officer
from tests.personas import NOON, Jordan
from tests.uploads import upload

from .permissions import MAY, NATIONWIDE, ROWS
from .program import Program
from .stages import answered, assigned, stage

PUBLIC = {
    "entity": ["GAM"], "services": ["GAM"], "problem": ["not-found"],
}  # fmt: skip
SENT: dict[str, Any] = {
    "suggest": {"text": "حفرة في الشارع"},
    "submit": {"kind": "complaint", "text": "حفرة في الشارع", "entity": "GAM"},
    "write": {"text": "معلومة"},
    "rate": {"solved": False},
    "appeal": {"reason": "لم يُحل"},
    "withdraw": None,
}
DESK = [row for row in ROWS if row.route.startswith("api:desk-")]


def test_every_verb_is_in_the_table() -> None:
    assert MAY.keys() == VERBS.keys()


@pytest.mark.parametrize("row", [row for row in ROWS if row not in DESK], ids=str)
def test_row_of_the_public_part(row: Row, jordan: Jordan, anyone: Program) -> None:
    route = row.route.partition(":")[2]
    own, other = jordan.submit(), jordan.submit()
    asked = own if row.whose == "own" else other
    if route in ("rate", "appeal"):
        answered(jordan, Case.objects.get(pk=asked.case))
    arguments = PUBLIC.get(route, [] if row.whose == "none" else [asked.reference])
    program = anyone.opens(own) if row.role == CITIZEN else anyone

    body = {"uploads": [str(upload().hex)]} if route == "attach" else SENT.get(route)
    answer = _ask(program, row, arguments, body)

    assert answer.status_code == row.status


@pytest.mark.parametrize(
    ("route", "rows"), [(route, list(rows)) for route, rows in groupby(DESK, key=lambda row: row.route)]
)
def test_rows_of_the_desk(
    route: str, rows: list[Row], jordan: Jordan, of: Callable[[Actor], Program]
) -> None:
    case, body = _of_the_desk(route, jordan)
    journal = Event.objects.filter(case=case).count()
    wrong = []
    for row in rows:
        with rolled_back():
            program = Program() if row.role == ANYONE else of(_officer(row, jordan, case))
            program.headers["If-Match"] = f'"{case.seq}"'
            answer = _ask(program, row, [] if row.whose == "none" else [case.reference], body)
            if answer.status_code != row.status:
                wrong.append((row.role, row.whose, answer.status_code, row.status, answer.content.decode()))
            if row.status >= 400:
                assert Event.objects.filter(case=case).count() == journal
    assert wrong == []


def _of_the_desk(route: str, jordan: Jordan) -> tuple[Case, Any]:
    verb = route.removeprefix("api:desk-")
    return stage(jordan, verb) if verb in VERBS else (assigned(jordan), None)


def _officer(row: Row, jordan: Jordan, case: Case) -> Actor:
    """Whoever has the role at the case's body, at a minister's above it, or at another body."""
    role = Role(row.role)
    if row.whose != "other" and role is Role.REVIEWER and case.reviewer_id:
        return jordan.reviewer if case.reviewer_id == jordan.reviewer.officer_id else jordan.second_reviewer
    if row.whose != "other" and role is Role.PM_UNIT:
        return jordan.pm
    above = role in (Role.MINISTER, Role.MINISTER_OFFICE)
    body = Entity.objects.get(code="MOH" if row.whose == "other" else "PM" if above else "GAM")
    unit = None
    if role is Role.SUB_OFFICER:
        unit = body.units.filter(code="ROADS").first() or body.units.create(
            code="ROADS", name_ar="طرق", name_en="Roads"
        )
    return actor_of(officer(role, None if role in NATIONWIDE else body, unit), NOON)


def _ask(program: Program, row: Row, arguments: list[str], body: Any) -> Any:
    path = reverse(row.route, args=arguments).removeprefix("/api/v1")
    if row.route == "api:upload":
        return program.uploads(jpeg())
    if row.method == "get":
        return program.get(path)
    return program.post(path, body, Idempotency_Key="a-key-of-sixteen-characters")


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
