"""What this process holds in memory of the directory, and how fresh it is."""

from time import monotonic

import pytest
from pytest_django import DjangoAssertNumQueries

from bekhedmetkom.entities import queries, versions
from bekhedmetkom.entities.models import Entity
from tests.people import body

pytestmark = pytest.mark.django_db


def test_memory_is_read_once_and_again_after_a_change(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    root = body("PM")
    queries.tree()
    with django_assert_num_queries(0):
        assert queries.tree()[root.pk].name_en == "Body PM"

    Entity.objects.filter(pk=root.pk).update(name_en="Prime Ministry")  # by whatever door
    versions.ask_again()
    assert queries.tree()[root.pk].name_en == "Prime Ministry"


def test_memory_is_never_later_than_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    root = body("PM")
    moment = monotonic()
    monkeypatch.setattr(versions, "monotonic", lambda: moment)
    queries.tree()
    Entity.objects.filter(pk=root.pk).update(name_en="Prime Ministry")
    assert queries.tree()[root.pk].name_en == "Body PM"
    monkeypatch.setattr(versions, "monotonic", lambda: moment + versions.LATE + 0.1)
    assert queries.tree()[root.pk].name_en == "Prime Ministry"
