"""The directory from memory: subtree, nearest parent, search, hours."""

from datetime import date, time

import pytest

from bekhedmetkom.entities import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_a_ministers_mandate_is_the_whole_subtree() -> None:
    by_code = queries.get_tree().by_code
    mandate = {queries.get_tree()[key].code for key in queries.get_subtree(by_code["MWI"].id)}
    assert mandate == {"MWI", "WAJ", "JVA", "MIYAH", "YWC", "AWC"}
    assert by_code["GAM-22"].id in queries.get_subtree(by_code["PM"].id)
    assert by_code["CBJ"].id not in queries.get_subtree(by_code["PM"].id)


def test_nearest_parent_rule() -> None:
    by_code = queries.get_tree().by_code
    company, authority, ministry = (by_code[code].id for code in ("MIYAH", "WAJ", "MWI"))
    assert queries.find_nearest(company, {company, ministry}) == company
    assert queries.find_nearest(company, {ministry}) == ministry
    assert queries.find_nearest(company, {by_code["JVA"].id, authority, ministry}) == authority
    assert queries.find_nearest(company, {by_code["MOH"].id}) is None


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
    assert queries.search_entities(text, date(2026, 11, 24))[0].code == code
    assert queries.search_entities("لا جهة بهذا الاسم", date(2026, 11, 24)) == []


def test_ramadan_hours_go_before_the_usual_ones() -> None:
    calendar = queries.get_working_calendar()
    in_ramadan, after = calendar.get_hours(date(2027, 2, 14)), calendar.get_hours(date(2027, 3, 14))
    assert in_ramadan and (in_ramadan.opens, in_ramadan.closes) == (time(10), time(15))
    assert after and (after.opens, after.closes) == (time(8, 30), time(15, 30))
    assert calendar.get_hours(date(2027, 3, 10)) is None
