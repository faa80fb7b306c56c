"""The directory from memory: subtree, nearest parent, search, and how fresh it is."""

from datetime import date, time
from time import monotonic

import pytest
from pytest_django import DjangoAssertNumQueries

from bekhedmetkom.entities import queries, versions
from bekhedmetkom.entities.models import Entity
from tests.people import body
from tests.sheets import REAL, imported

pytestmark = pytest.mark.django_db


def test_a_ministers_mandate_is_the_whole_subtree() -> None:
    imported(REAL)
    by_code = queries.tree().by_code
    mandate = {queries.tree()[key].code for key in queries.subtree(by_code["MWI"].id)}
    assert mandate == {"MWI", "WAJ", "JVA", "MIYAH", "YWC", "AWC"}
    assert by_code["GAM-22"].id in queries.subtree(by_code["PM"].id)
    assert by_code["CBJ"].id not in queries.subtree(by_code["PM"].id)


def test_nearest_parent_rule() -> None:
    imported(REAL)
    by_code = queries.tree().by_code
    company, authority, ministry = (by_code[code].id for code in ("MIYAH", "WAJ", "MWI"))
    assert queries.nearest(company, {company, ministry}) == company
    assert queries.nearest(company, {ministry}) == ministry
    assert queries.nearest(company, {by_code["JVA"].id, authority, ministry}) == authority
    assert queries.nearest(company, {by_code["MOH"].id}) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("أمانة عمان الكبري", "GAM"),
        ("ministry of health", "MOH"),
        ("MIYAH", "MIYAH"),
        ("وزاره المياه", "MWI"),
    ],
)
def test_search_forgives_spelling(text: str, code: str) -> None:
    imported(REAL)
    assert queries.search_entities(text)[0].code == code
    assert queries.search_entities("لا جهة بهذا الاسم") == []


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


def test_ramadan_hours_go_before_the_usual_ones() -> None:
    imported(REAL)
    calendar = queries.working_calendar()
    in_ramadan, after = calendar.hours(date(2027, 2, 14)), calendar.hours(date(2027, 3, 14))
    assert in_ramadan and (in_ramadan.opens, in_ramadan.closes) == (time(10), time(15))
    assert after and (after.opens, after.closes) == (time(8, 30), time(15, 30))
    assert calendar.hours(date(2027, 3, 10)) is None
