"""The permission table of the officers' door, row by row, in both languages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.rules import Role
from tests.interfaces.permission_table import ANYONE, Row
from tests.officer_factories import create_body, create_officer, create_unit

from .conftest import SINCE
from .permissions import ROWS
from .sign_in_requests import sign_in

ARGUMENTS: dict[str, list[Any]] = {"invitation": ["0123456789ab.secret"], "mfa_remove_webauthn": [1]}


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.route}-{row.role}-{row.method}")
def test_row(row: Row, client: Client) -> None:
    if row.role != ANYONE:
        sign_in(client, someone(Role(row.role)).email)
    for language in ("ar", "en"):
        with override(language):
            path = reverse(row.route, args=ARGUMENTS.get(row.route))

        answer = getattr(client, row.method)(path)

        assert answer.status_code == row.status
        if answer.status_code == 200:
            assert f'lang="{language}"' in answer.content.decode()


def someone(role: Role) -> Officer:
    entity = create_body("PM")
    where = create_unit(entity) if role is Role.SUB_OFFICER else None
    return create_officer(role, entity, where, since=SINCE, password="a long and honest passphrase")
