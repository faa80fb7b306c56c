"""The rows of the table, asked for real."""

import pytest
from django.test import Client
from django.urls import reverse

from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.rules import Role
from tests.interfaces.dashboard.permissions import ROWS
from tests.interfaces.permission_table import ANYONE
from tests.personas import ROLES, Jordan

ROUTE_ARGUMENTS: dict[str, list[object]] = {
    "dashboard:ask": ["on_time"],
    "dashboard:cases": ["received"],
    "dashboard:open-screen": ["x"],
    "dashboard:quiet": [1],
    "dashboard:table": ["trend"],
    "dashboard:sheet": ["trend", "csv"],
    "dashboard:report": ["2026-10", "GAM"],
    "dashboard:report_paper": ["2026-10", "GAM"],
    "dashboard:report_sheet": ["2026-10", "GAM", "totals", "csv"],
}


@pytest.mark.django_db
def test_rows(jordan: Jordan) -> None:
    people = {role: jordan.people[name] for name, (role, _body, _unit) in reversed(ROLES.items())}
    wrong = []
    for row in ROWS:
        client = Client()
        if row.role != ANYONE:
            client.force_login(Officer.objects.get(pk=people[Role(row.role)].id))
        status = getattr(client, row.method)(
            reverse(row.route, args=ROUTE_ARGUMENTS.get(row.route))
        ).status_code
        if status != row.status:
            wrong.append((row, status))
    assert wrong == []
