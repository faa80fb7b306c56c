"""The rows of the table, asked for real, in both formats."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.interfaces.permission_table import CLIENT, Row
from tests.personas import Jordan

from .georeport_client import RESPONSE_FORMATS, create_api_key
from .permissions import ROWS


@pytest.mark.parametrize("extension", RESPONSE_FORMATS)
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, extension: str, jordan: Jordan) -> None:
    case = jordan.submit()
    named = {
        "definition": {"code": "GAM-001"},
        "request": {"reference": case.reference},
        "token": {"token": "x"},
    }
    path = reverse(row.route, kwargs={"extension": extension} | named.get(row.route.partition(":")[2], {}))
    form = {"service_code": "GAM-001", "lat": "31.9", "long": "35.9", "description": "حاوية مكسورة"}
    if row.role == CLIENT:
        form["api_key"] = create_api_key(jordan, "open311")
    answer = Client().post(path, form) if row.method == "post" else Client().get(path)
    assert answer.status_code == row.status
