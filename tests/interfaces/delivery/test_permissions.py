"""The rows of the table, asked for real."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.interfaces.delivery.permissions import ROWS
from tests.interfaces.permission_table import Row


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, client: Client) -> None:
    path = reverse(row.route, args=["made-up"] if row.route == "unsubscribe" else [])
    assert getattr(client, row.method)(path).status_code == row.status
