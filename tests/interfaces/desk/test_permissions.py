"""The desk's rows of the permission table. What is asked is the answer: the pages are drawn in other tests."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.desk.case import case_page
from tests.interfaces.desk.permissions import ROWS
from tests.interfaces.permission_cases import PermissionCases, count_events, roll_back
from tests.interfaces.permission_table import ANYONE, SITUATIONS, Row
from tests.personas import Jordan

ROUTES_WITH_KEY = {"desk:meanwhile", "desk:back", "desk:template"}


@pytest.fixture(autouse=True)
def _not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_seen: Any, status: int = 200) -> HttpResponse:
        return HttpResponse(status=status)

    monkeypatch.setattr(case_page, "_render_case", answer)


@pytest.mark.parametrize("situation", ("none", *SITUATIONS))
def test_rows(situation: str, jordan: Jordan) -> None:
    """Row by row; what is refused leaves no event behind."""
    staged = PermissionCases(jordan, situation)
    staged.prepare({row.verb for row in ROWS if row.situation == situation})
    wrong: list[tuple[Row, int]] = []
    for role, rows in _group_rows_by_role(situation):
        with roll_back():
            client = Client()
            if role != ANYONE:
                client.force_login(Officer.objects.get(pk=staged.get_officer(Role(role)).id))
                staged.create_conflict(Role(role))
            before = count_events()
            for row in (row for row in rows if row.status >= 400 or row.method == "get"):
                wrong += _find_wrong_answers(client, row, staged)
            assert count_events() == before
            for row in (row for row in rows if row.status < 400 and row.method == "post"):
                with roll_back():
                    wrong += _find_wrong_answers(client, row, staged)
    assert wrong == []


def _group_rows_by_role(situation: str) -> Iterator[tuple[str, list[Row]]]:
    rows = sorted((row for row in ROWS if row.situation == situation), key=lambda row: str(row.role))
    for role, mine in groupby(rows, key=lambda row: row.role):
        yield role, list(mine)


def _find_wrong_answers(client: Client, row: Row, staged: PermissionCases) -> Iterator[tuple[Row, int]]:
    """The row with the answer, where it is another."""
    case = staged.get_case(row.verb)[0] if row.situation != "none" else None
    arguments: list[Any] = [case.reference] if case else [0] if row.route in ROUTES_WITH_KEY else []
    if row.route == "desk:talk":
        arguments = [UUID(int=0)]
    if row.route in ("desk:problem", "desk:figure-end"):
        arguments = [0]
    if row.route == "desk:body":
        arguments = ["GAM"]
    address = reverse(row.route, args=[*arguments, *([row.verb] if row.verb else [])])
    sent = {"seen": case.seq, "text": "ملاحظة"} if case else {}
    answer = client.post(address, sent) if row.method == "post" else client.get(address)
    if answer.status_code != row.status:
        yield row, answer.status_code
