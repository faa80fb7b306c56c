"""The rows of the permission table, and every verb for every role."""

import pytest
from django.test import Client
from django.urls import reverse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.desk.verbs import VERBS
from tests.interfaces.desk.permissions import OFFERED, ROWS
from tests.interfaces.permission_table import ANYONE, Row
from tests.personas import HOUR, NOON, ROLES, Jordan

PERSONAS = {role: (name, body) for name, (role, body, _unit) in reversed(ROLES.items())}
UNDER_WAY = "assigned"
OF_A_VERB = ("desk:act", "desk:keep")


def whose(jordan: Jordan, role: str, kind: str) -> Case:
    """An ordinary case of the body that the role is held at, or of another one; GAM's is with its street unit."""
    body = PERSONAS[Role(role)][1] if role != ANYONE else "GAM"
    own = "GAM" if body in ("GAM", "PM") else body
    if kind == "other":
        return jordan.case(entity=jordan.entities["PSD" if own == "MOH" else "MOH"])
    case = jordan.case(entity=jordan.entities[own])
    if own == "GAM":
        commands.assign(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    elif own == "MOI":
        commands.assign(
            case=case.pk,
            seen=1,
            officer=jordan.ministry_main.officer_id,
            actor=jordan.ministry_main,
            at=NOON + HOUR,
        )
    case.refresh_from_db()
    return case


def browser(jordan: Jordan, role: str) -> Client:
    client = Client()
    if role != ANYONE:
        client.force_login(Officer.objects.get(pk=jordan.people[PERSONAS[Role(role)][0]].id))
    return client


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.route}-{row.method}-{row.whose}-{row.role}")
def test_row(row: Row, jordan: Jordan) -> None:
    client = browser(jordan, row.role)
    if row.whose == "none":
        asked = client.post if row.method == "post" else client.get
        assert asked(reverse(row.route)).status_code == row.status
        return
    case = whose(jordan, row.role, row.whose)
    address = reverse(row.route, args=[case.reference, *(["note"] if row.route in OF_A_VERB else [])])
    answer = (
        client.post(address, {"seen": case.seq, "text": "ملاحظة"})
        if row.method == "post"
        else client.get(address)
    )
    assert answer.status_code == row.status


@pytest.mark.parametrize("role", OFFERED)
def test_every_verb_for_this_role(role: Role, jordan: Jordan) -> None:
    case = whose(jordan, role, "own")
    client = browser(jordan, role)
    answers = {
        verb: client.get(reverse("desk:act", args=[case.reference, verb])).status_code for verb in VERBS
    }
    offered = {verb for verb, status in answers.items() if status == 200}
    assert offered - {"submit"} == OFFERED[role] - {"submit"}
    assert set(answers.values()) <= {200, 403, 409}
