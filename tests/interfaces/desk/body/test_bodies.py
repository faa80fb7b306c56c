"""Bodies side by side: what differs from the country's rules, who is missing, and for whom it is to see."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.urls import reverse

from bekhedmetkom.catalogue import commands
from bekhedmetkom.catalogue.queries import get_policy
from bekhedmetkom.catalogue.rules import Duration, Kind
from bekhedmetkom.entities.models import Holiday
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.text import BilingualText
from tests.interfaces.desk.conftest import Desk
from tests.personas import DAY, NOON, Jordan

Sits = Callable[[Actor], Desk]


def get_rows(desk: Desk, **query: str) -> dict[str, Tag]:
    """The rows of the table by the name of their body."""
    page = BeautifulSoup(desk.client.get(reverse("desk:bodies"), query).content, "html.parser")
    return {row.select("th")[0].get_text(strip=True): row for row in page.select(".sheet__t tbody tr")}


def get_body_text(desk: Desk, code: str) -> str:
    answer = desk.client.get(reverse("desk:body", args=[code]))
    assert answer.status_code == 200
    (main,) = BeautifulSoup(answer.content, "html.parser").select("main")
    return " ".join(main.get_text(" ").split())


@pytest.fixture
def of_its_own(jordan: Jordan) -> Iterator[Jordan]:
    """GAM answers simple complaints within seven working days, from a month ago; within six from next month."""
    terms = get_policy(kind=Kind.COMPLAINT, service=None, entity=jordan.entities["GAM"], at=NOON).terms
    for days, since in ((7, NOON - 30 * DAY), (6, NOON + 30 * DAY)):
        commands.add_policy_version(
            code="complaint_simple", kind="complaint", terms=replace(terms, due=Duration(working_days=days)),
            names=BilingualText("شكوى", "Complaint"), basis="قرار المجلس", valid_from=since, actor=jordan.administrator,
            at=NOON, entity=jordan.entities["GAM"],
        )  # fmt: skip
    yield jordan
    refresh_versions()


def test_the_prime_ministry_sees_all_of_them_and_what_differs(of_its_own: Jordan, sits: Sits) -> None:
    rows = get_rows(sits(of_its_own.pm))
    assert len(rows) == 13
    assert "شكوى: 7 أيام عمل بدل 5 أيام عمل" in rows["أمانة عمان الكبرى"].get_text()
    assert "لا شيء" in rows["وزارة الصحة"].get_text()
    assert set(get_rows(sits(of_its_own.pm), only="rules")) >= {"أمانة عمان الكبرى"}
    assert "وزارة الصحة" not in get_rows(sits(of_its_own.pm), only="rules")


def test_who_is_missing_is_said_with_who_serves_instead(jordan: Jordan, sits: Sits) -> None:
    rows = get_rows(sits(jordan.pm), only="missing")
    assert "لا أحد" in rows["وزارة الصحة"].get_text()
    district = next(row for name, row in rows.items() if "منطقة" in name)
    assert "أمانة عمان الكبرى" in district.get_text()


def test_others_see_their_own_mandate(jordan: Jordan, sits: Sits) -> None:
    assert len(get_rows(sits(jordan.main))) == 2  # GAM and its district
    assert len(get_rows(sits(jordan.manager))) == 1
    assert "وزارة الصحة" not in get_rows(sits(jordan.minister))


def test_a_bodys_page_shows_rules_with_versions_calendar_and_people(of_its_own: Jordan, sits: Sits) -> None:
    Holiday.objects.create(
        name_ar="عطلة الثلج",
        name_en="Snow day",
        date=date(2027, 1, 20),
        decision="بلاغ رئاسة الوزراء 7",
    )
    said = get_body_text(sits(of_its_own.main), "GAM")
    for words in ("الرد خلال 7 أيام عمل", "الإصدار 2 · تسري من", "الإصدار 1 · سارية منذ", "قرار المجلس",
                  "عطلة الثلج", "بلاغ رئاسة الوزراء 7", "رمضان", "موظف main"):  # fmt: skip
        assert words in said, words


def test_a_district_has_the_rules_of_the_body_above_it(of_its_own: Jordan, sits: Sits) -> None:
    assert "الرد خلال 7 أيام عمل" in get_body_text(sits(of_its_own.main), "GAM-01")


def test_eight_queries_for_all_of_them(
    jordan: Jordan, sits: Sits, django_assert_max_num_queries: Any
) -> None:
    desk = sits(jordan.pm)
    desk.client.cookies["live"] = "1"
    get_rows(desk)
    with django_assert_max_num_queries(8):
        get_rows(desk)
    with django_assert_max_num_queries(8):
        get_body_text(desk, "GAM")
