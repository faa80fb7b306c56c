"""Whoever has a desk can search, however little of it there is for them to find."""

import pytest

from bekhedmetkom.cases.queries import EVERYTHING, Filters, desk_page, queues_of
from tests.personas import NOON, ROLES, Jordan


@pytest.mark.parametrize("persona", ROLES)
def test_a_search_finds_or_finds_nothing(persona: str, jordan: Jordan) -> None:
    who = jordan.people[persona]
    for queue in (EVERYTHING, *queues_of(who)):
        for words in ("شارع", "بنص الشارع", "bus", "0791234567"):
            desk_page(who, queue, NOON, Filters(q=words))
