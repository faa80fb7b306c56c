"""Whoever has a desk can search, however little of it there is for them to find."""

import pytest

from bekhedmetkom.cases.queries import ALL_CASES, QueueFilter, get_case_page, list_queues
from tests.personas import NOON, ROLES, Jordan


@pytest.mark.parametrize("persona", ROLES)
def test_a_search_finds_or_finds_nothing(persona: str, jordan: Jordan) -> None:
    who = jordan.people[persona]
    for queue in (ALL_CASES, *list_queues(who)):
        for words in ("شارع", "بنص الشارع", "bus", "0791234567"):
            get_case_page(who, queue, NOON, QueueFilter(q=words))
