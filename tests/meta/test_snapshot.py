"""The world of most tests is put back row for row, and memory that knew it knows it again."""

import pytest

from bekhedmetkom.entities.queries import tree
from bekhedmetkom.entities.versions import ask_again
from tests.personas import Jordan
from tests.snapshot import Snapshot

pytestmark = pytest.mark.django_db


def test_what_is_put_back_is_what_was_settled(settled: tuple[Jordan, Snapshot]) -> None:
    _, rows = settled
    before = Snapshot.taken()
    rows.put_back()
    now = Snapshot.taken().since(before)
    assert in_any_order(now) == in_any_order(rows)


def in_any_order(rows: Snapshot) -> dict[str, list[bytes]]:
    return {table: sorted(text.split(b"\n")) for table, text in rows.tables.items()}


def test_who_held_the_world_in_memory_need_not_read_it_again(settled: tuple[Jordan, Snapshot]) -> None:
    _, rows = settled
    held = []
    for _ in range(2):
        rows.put_back()
        ask_again()
        held.append(tree())
    assert held[0] is held[1]
