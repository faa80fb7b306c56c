"""The portal's rows of the permission table, in both languages. None changes another person's case."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from bekhedmetkom.cases.models import Event
from tests.interfaces.permission_table import ANYONE, Row
from tests.personas import Jordan

from .permissions import ROWS

OF_A_CASE = (
    "case",
    "write",
    "rate",
    "appeal",
    "withdraw",
    "private",
    "erase",
    "contact",
    "notify",
    "push",
    "close",
)
ELSEWHERE: dict[str, list[str | int]] = {"entity": ["GAM"], "problem": [0]}
WORDS = {"text": "معلومة", "solved": "no", "reason": "لم يُحل", "stars": "1"}


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.route}-{row.role}-{row.situation}-{row.method}")
def test_permission_row_gives_its_status(row: Row, language: str, client: Client, jordan: Jordan) -> None:
    own, other = jordan.submit(), jordan.submit()
    with override(language):
        if row.role != ANYONE:
            client.post(reverse("portal:track"), {"reference": own.reference, "code": own.access_code})
        asked = own if row.situation == "own" else other
        route = row.route.removeprefix("portal:")
        of_case = route in OF_A_CASE or route == "published"
        arguments = [asked.reference] if of_case else ELSEWHERE.get(route, [])
        address = reverse(row.route, args=arguments)

    answer = client.get(address) if row.method == "get" else client.post(address, WORDS)

    assert answer.status_code == row.status
    assert Event.objects.filter(case=other.case).count() == 1
