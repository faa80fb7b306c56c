"""The API's rows of the permission table. A refusal changes nothing."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import pytest
from django.urls import reverse

from bekhedmetkom.cases.models import Case
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from tests.commands.attachments.sample_files import jpeg
from tests.factories import create_upload
from tests.fakes.push_service import SUBSCRIPTION
from tests.interfaces.permission_cases import PermissionCases, count_events, roll_back
from tests.interfaces.permission_table import ANYONE, CITIZEN, SITUATIONS, Row
from tests.personas import Jordan

from .api_client import ApiClient
from .case_stages import create_answered_case
from .permissions import ROWS

PUBLIC: dict[str, list[Any]] = {
    "entity": ["GAM"], "services": ["GAM"], "problem": ["not-found"],
    **{route: [1] for route in ("webhook-secret", "webhook-parked", "webhook-again", "unsubscribe")},
}  # fmt: skip
SENT: dict[str, Any] = {
    "suggest": {"text": "حفرة في الشارع"},
    "submit": {"kind": "complaint", "text": "حفرة في الشارع", "entity": "GAM"},
    "write": {"text": "معلومة"},
    "rate": {"solved": False},
    "appeal": {"reason": "لم يُحل"},
    "withdraw": None,
    "subscribe-device": SUBSCRIPTION,
}
DESK = [row for row in ROWS if row.route.startswith("api:desk-")]


@pytest.mark.parametrize("row", [row for row in ROWS if row not in DESK], ids=str)
def test_row_of_the_public_part(row: Row, jordan: Jordan, anyone: ApiClient) -> None:
    route = row.route.partition(":")[2]
    own, other = jordan.submit(), jordan.submit()
    asked = own if row.situation == "own" else other
    if route in ("rate", "appeal"):
        create_answered_case(jordan, Case.objects.get(pk=asked.case))
    arguments = PUBLIC.get(route, [] if row.situation == "none" else [asked.reference])
    program = anyone.with_access_code(own) if row.role == CITIZEN else anyone

    body = {"uploads": [str(create_upload().hex)]} if route == "attach" else SENT.get(route)
    answer = _send(program, row, arguments, body)

    assert answer.status_code == row.status


@pytest.mark.parametrize("situation", ("none", *SITUATIONS))
def test_rows_of_the_desk(situation: str, jordan: Jordan, of: Callable[[Actor], ApiClient]) -> None:
    """Row by row; what is refused leaves no event behind."""
    staged = PermissionCases(jordan, situation)
    staged.prepare({row.verb for row in DESK if row.situation == situation})
    wrong: list[tuple[Row, int, str]] = []
    for role, rows in _group_by_role(situation):
        with roll_back():
            program = ApiClient() if role == ANYONE else of(staged.get_officer(Role(role)))
            if role != ANYONE:
                staged.create_conflict(Role(role))
            before = count_events()
            for row in (row for row in rows if row.status >= 400):
                wrong += _find_wrong_answers(program, row, staged)
            assert count_events() == before
            for row in (row for row in rows if row.status < 400):
                with roll_back():
                    wrong += _find_wrong_answers(program, row, staged)
    assert wrong == []


def _find_wrong_answers(
    program: ApiClient, row: Row, staged: PermissionCases
) -> Iterator[tuple[Row, int, str]]:
    """The row with the answer, where it is another."""
    case, body = staged.get_case(row.verb) if row.situation != "none" else (None, None)
    program.headers["If-Match"] = f'"{case.seq}"' if case else ""
    answer = _send(program, row, [case.reference] if case else [], body)
    if answer.status_code != row.status:
        yield row, answer.status_code, answer.content.decode()[:300]


def _group_by_role(situation: str) -> Iterator[tuple[str, list[Row]]]:
    rows = sorted((row for row in DESK if row.situation == situation), key=lambda row: str(row.role))
    for role, mine in groupby(rows, key=lambda row: row.role):
        yield role, list(mine)


def _send(program: ApiClient, row: Row, arguments: list[str], body: Any) -> Any:
    path = reverse(row.route, args=arguments).removeprefix("/api/v1")
    if row.route == "api:upload":
        return program.upload(jpeg())
    if row.method == "get":
        return program.get(path)
    return program.post(path, body, Idempotency_Key="a-key-of-sixteen-characters")
