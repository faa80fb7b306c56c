"""The Messenger webhook's rows of the permission table."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.interfaces.messenger.permissions import ROWS
from tests.interfaces.permission_table import Row


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_permission_row_gives_its_status(row: Row, client: Client) -> None:
    assert getattr(client, row.method)(reverse(row.route)).status_code == row.status
