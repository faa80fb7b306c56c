"""What this process holds in memory of the directory, and how fresh it is."""

from time import monotonic

import pytest
from pytest_django import DjangoAssertNumQueries

from bekhedmetkom.entities import queries, table_cache
from bekhedmetkom.entities.models import Entity
from tests.officer_factories import create_body

pytestmark = pytest.mark.django_db


def test_memory_is_read_once_and_again_after_a_change(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    root = create_body("PM")
    queries.get_tree()
    with django_assert_num_queries(0):
        assert queries.get_tree()[root.pk].name_en == "Body PM"

    Entity.objects.filter(pk=root.pk).update(name_en="Prime Ministry")  # by whatever door
    table_cache.refresh_versions()
    assert queries.get_tree()[root.pk].name_en == "Prime Ministry"


def test_memory_is_never_later_than_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    root = create_body("PM")
    moment = monotonic()
    monkeypatch.setattr(table_cache, "monotonic", lambda: moment)
    queries.get_tree()
    Entity.objects.filter(pk=root.pk).update(name_en="Prime Ministry")
    assert queries.get_tree()[root.pk].name_en == "Body PM"
    monkeypatch.setattr(table_cache, "monotonic", lambda: moment + table_cache.MAX_AGE_SECONDS + 0.1)
    assert queries.get_tree()[root.pk].name_en == "Prime Ministry"
