"""The world of most tests is put back row for row, and memory that knew it knows it again."""

import pytest

from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.entities.table_cache import refresh_versions
from tests.personas import Jordan
from tests.snapshot import Snapshot

pytestmark = pytest.mark.django_db


def test_what_is_put_back_is_what_was_settled(settled: tuple[Jordan, Snapshot]) -> None:
    _, rows = settled
    before = Snapshot.take()
    rows.restore()
    now = Snapshot.take().diff(before)
    assert sort_rows(now) == sort_rows(rows)


def sort_rows(rows: Snapshot) -> dict[str, list[bytes]]:
    return {table: sorted(text.split(b"\n")) for table, text in rows.tables.items()}


def test_who_held_the_world_in_memory_need_not_read_it_again(settled: tuple[Jordan, Snapshot]) -> None:
    _, rows = settled
    held = []
    for _ in range(2):
        rows.restore()
        refresh_versions()
        held.append(get_tree())
    assert held[0] is held[1]
