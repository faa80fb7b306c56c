"""The way from a body up to its root, in any tree and in what is no tree."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.entities.tree import Body, CycleError, EntityTree, get_path_to_root

PARENTS = st.dictionaries(st.integers(0, 12), st.integers(0, 12) | st.none(), min_size=1).map(
    lambda parents: parents | {parent: None for parent in parents.values() if parent not in (None, *parents)}
)


def body(key: int, ancestors: list[int]) -> Body:
    return Body(
        id=key, code=f"B{key}", name_ar="جهة", name_en="Body", kind="fund", sector=1, ancestors=tuple(ancestors),
        parent=ancestors[-2] if len(ancestors) > 1 else None, governorates=frozenset(),
        email="", phone="", closed_on=date(2026, 12, 1), successor=None,
    )  # fmt: skip


@given(PARENTS)
def test_a_path_runs_from_a_root_to_the_body_or_there_is_a_way_round(parents: dict[int, int | None]) -> None:
    for key in parents:
        try:
            path = get_path_to_root(key, parents)
        except CycleError as cycle:
            assert cycle.path[0] == cycle.path[-1]
            assert all(step in set(parents.items()) for step in pairwise(cycle.path))
        else:
            assert (parents[path[0]], path[-1]) == (None, key)
            assert all(parents[lower] == upper for upper, lower in pairwise(path))


@given(PARENTS, st.sets(st.integers(0, 12)))
def test_the_nearest_is_on_the_way_up_and_nothing_is_nearer(
    parents: dict[int, int | None], having: set[int]
) -> None:
    try:
        paths = {key: get_path_to_root(key, parents) for key in parents}
    except CycleError:
        return
    tree = EntityTree({key: body(key, path) for key, path in paths.items()})
    for key, path in paths.items():
        found = tree.find_nearest(key, having)
        nearer = path if found is None else path[path.index(found) + 1 :]
        assert not having & set(nearer)
        assert found is None or (found in having and key in tree.subtrees[found])


def test_an_unknown_parent_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        get_path_to_root("A", {"A": "B"})


def test_a_body_is_open_until_the_day_it_closes() -> None:
    closing = body(1, [1])
    assert closing.is_open(date(2026, 11, 30))
    assert not closing.is_open(date(2026, 12, 1))
