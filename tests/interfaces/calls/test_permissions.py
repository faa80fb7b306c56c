"""The call console's rows of the permission table."""

import pytest
from django.test import Client
from django.urls import reverse

from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.rules import Role
from tests.interfaces.calls.permissions import ROWS
from tests.interfaces.permission_table import ANYONE, Row
from tests.personas import ROLES, Jordan

OF = {"call-events-by-path": ["made-up"]}


@pytest.mark.django_db
def test_permission_row_gives_its_status(jordan: Jordan) -> None:
    people = {role: jordan.people[name] for name, (role, _body, _unit) in reversed(ROLES.items())}
    wrong = []
    for row in ROWS:
        client = Client()
        if row.role != ANYONE:
            client.force_login(Officer.objects.get(pk=people[Role(row.role)].id))
        status = getattr(client, row.method)(_path(row)).status_code
        if status != row.status:
            wrong.append((row, status))
    assert wrong == []


def _path(row: Row) -> str:
    if row.route in OF:
        return reverse(row.route, args=OF[row.route])
    bare = row.route in ("call-events", "calls:home", "calls:ringing", "calls:line", "calls:next")
    return reverse(row.route, args=[] if bare else [7])
