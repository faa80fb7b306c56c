"""The cases behind a figure: as many as it says, but for those that are not the reader's, and that is said."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bekhedmetkom.analytics.queries.drill_down import CasePage, list_counted_cases, list_open_cases
from bekhedmetkom.analytics.rules.drill_down import INDICATOR_PARTS
from bekhedmetkom.analytics.rules.slices import Slice
from bekhedmetkom.cases import commands
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.actor import Actor
from tests.interfaces.dashboard.conftest import DashboardBrowser
from tests.interfaces.dashboard.test_overview import run_projection
from tests.personas import DAY, HOUR, NOON, Jordan

pytestmark = pytest.mark.django_db

SignIn = Callable[[Actor], DashboardBrowser]
MAX_QUERIES = 8  # statements of a list


def list_lines(page: BeautifulSoup) -> list[str]:
    return [link.get_text(strip=True) for link in page.select(".cases tbody th a")]


def get_number(page: BeautifulSoup) -> str:
    (shown,) = page.select("h1 bdi")
    return shown.get_text(strip=True)


def test_as_many_as_the_figure_says_by_whatever_narrows_it(jordan: Jordan, sits: SignIn) -> None:
    for place in ("GOV-AM", "GOV-AM", "GOV-ZA"):
        jordan.submit(at=NOON - DAY, governorate=jordan.governorates[place], title=f"حفرة {place}")
    run_projection()
    pm = sits(jordan.pm)
    pm.page("cases", "received")
    with CaptureQueriesContext(connection) as asked_:
        page = pm.page("cases", "received")
    assert len(asked_) <= MAX_QUERIES
    assert (get_number(page), len(list_lines(page)), page.select(".callout")) == ("3", 3, [])
    page = pm.page("cases", "received", governorate="GOV-ZA", entity="GAM", channel="portal")
    assert (get_number(page), list_lines(page)) == ("1", ["حفرة GOV-ZA"])
    assert get_number(pm.page("cases", "received", to="2026-11-01")) == "0"
    for key in ("open", "overdue"):
        page = pm.page("cases", key, governorate="GOV-AM")
        assert get_number(page) == str(len(list_lines(page))) == ("2" if key == "open" else "0")


def test_what_is_not_the_readers_is_not_there_and_that_is_said(jordan: Jordan, sits: SignIn) -> None:
    """A need-to-know case and one that has moved count in the body's figure, and stand on no list of its manager."""
    kept = jordan.submit(at=NOON - DAY, title="حفرة باقية")
    secret = jordan.submit(at=NOON - DAY, kind=Kind.VIOLATION, title="محل بلا رخصة")
    moved = jordan.submit(at=NOON - DAY, title="عيادة مغلقة")
    commands.refer_case(
        case=moved.case, seen=1, entity=jordan.entities["MOH"], reason="للصحة", actor=jordan.main, at=NOON
    )
    run_projection()
    page = sits(jordan.manager).page("cases", "received")
    assert (get_number(page), list_lines(page)) == ("3", ["حفرة باقية"])
    assert "1" in page.select(".callout")[0].get_text()
    for reference in (secret.reference, moved.reference):
        assert reference not in page.text
    page = sits(jordan.pm).page("cases", "received", entity="GAM")
    assert set(list_lines(page)) == {"حفرة باقية", "عيادة مغلقة"}
    assert kept.reference in page.text
    assert list_lines(sits(jordan.pm).page("cases", "referred")) == ["عيادة مغلقة"]


def test_one_page_after_the_other(jordan: Jordan) -> None:
    for hours in range(3):
        jordan.submit(at=NOON - hours * HOUR)
    run_projection()
    today, all_ = Slice(NOON.date() - DAY, NOON.date()), INDICATOR_PARTS["received"][0]
    pages: list[Callable[[str], CasePage]] = [
        lambda cursor: list_counted_cases(jordan.pm, all_, today, NOON, cursor, limit=2),
        lambda cursor: list_open_cases(jordan.pm, today, NOON, late=False, cursor=cursor, limit=2),
    ]
    for page in pages:
        cursor: str | None = ""
        found: list[str] = []
        while cursor is not None:
            shown = page(cursor)
            assert (shown.total, shown.readable) == (3, None if cursor else 3)
            found += [line.row.reference for line in shown.lines]
            cursor = shown.next_cursor
        assert len(found) == len(set(found)) == 3


@pytest.mark.parametrize(
    "cursor", ["x", "2026-11-01_x_1", "2026-11-01_00000000-0000-0000-0000-000000000000_²"]
)
def test_a_page_that_nobody_gave_out_is_the_first(cursor: str, jordan: Jordan, sits: SignIn) -> None:
    for key in ("received", "open"):
        answer: Any = sits(jordan.pm).get("cases", key, cursor=cursor)
        assert (answer.status_code, answer["Location"]) == (302, f"/dashboard/cases/{key}")


def test_a_figure_or_a_part_that_is_not_there(jordan: Jordan, sits: SignIn) -> None:
    assert sits(jordan.pm).get("cases", "nothing").status_code == 404
    assert sits(jordan.pm).get("cases", "on_time", part="nothing").status_code == 404
