"""The page: the figures of whom one watches, what they lead to, and what a few cases do not say."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bekhedmetkom.analytics.projection import AnalyticsProjection
from bekhedmetkom.analytics.rules.indicators import INDICATORS, MIN_OBSERVATIONS, USAGE_INDICATORS
from bekhedmetkom.cases import commands
from bekhedmetkom.cases.feed import advance_consumer
from bekhedmetkom.cases.models import Case
from bekhedmetkom.catalogue.rules import Disposition, EscalationLevel
from bekhedmetkom.interfaces.dashboard.tables import TABLE_BUILDERS
from bekhedmetkom.kernel.actor import Actor
from tests.interfaces.dashboard.conftest import DashboardBrowser
from tests.personas import DAY, NOON, Jordan, place_under_minister

SignIn = Callable[[Actor], DashboardBrowser]
# Statements: the board's six, one for what is expected and unusual, one for instructions about figures; of the whole
# page, with who asks, the needs and the feed.
MAX_ROLLUP_QUERIES, MAX_QUERIES = 8, 18
TITLE = "حفرة أمام المستشفى"


def run_projection() -> None:
    """What happened is in the figures."""
    while advance_consumer(AnalyticsProjection(), horizon=2**62):
        pass


@pytest.fixture
def answered(jordan: Jordan) -> Jordan:
    """Of complaints about Amman's streets, as many as say something are answered; one waits, raised to its minister."""
    place_under_minister(jordan)
    place = jordan.governorates["GOV-AM"]
    for _ in range(MIN_OBSERVATIONS):
        commands.answer_case(
            case=jordan.submit(at=NOON - 3 * DAY, governorate=place).case, seen=1, text="أُصلحت الحفرة أمس.",
            disposition=Disposition.UPHELD, actor=jordan.main, at=NOON - 2 * DAY,
        )  # fmt: skip
    waits = jordan.submit(at=NOON - DAY, governorate=place, title=TITLE)
    commands.escalate_case(
        case=waits.case,
        seen=1,
        level=EscalationLevel.MINISTER,
        reason="المقاول متوقف",
        actor=jordan.manager,
        at=NOON,
    )
    run_projection()
    return jordan


def read_figures(page: BeautifulSoup) -> dict[str, str]:
    """By the definition that each leads to."""
    return {
        str(kpi.select("h2 a")[0]["href"]).partition("#")[2]: read_text(kpi.select(".kpi__n")[0])
        for kpi in page.select(".kpi")
    }


def read_text(part: Any) -> str:
    return " ".join(part.get_text(" ", strip=True).split())


def test_the_page_shows_what_the_journal_says_and_costs_the_same_whatever_it_holds(
    answered: Jordan, sits: SignIn
) -> None:
    screen = sits(answered.minister)
    screen.page()
    with CaptureQueriesContext(connection) as asked:
        page = screen.page()
    statements = [query["sql"] for query in asked]
    assert sum("analytics_" in sql for sql in statements) <= MAX_ROLLUP_QUERIES
    assert len(statements) <= MAX_QUERIES
    shown = read_figures(page)
    assert shown["on_time"].startswith("100.0%")
    assert shown["solved"] == "لا يكفي ليُقال"  # nobody has said anything, which is not nought
    assert shown["open"].startswith("1")
    assert shown["first_p50"].endswith("يوم")
    assert page.select("#ranking-h") == []  # of one body
    assert "100%" in read_text(page.select(".g-am")[0])
    assert "لا يكفي" in read_text(page.select(".g-aq")[0])


def test_others_watch_their_own_bodies_alone(answered: Jordan, sits: SignIn) -> None:
    page = sits(answered.office).page(entity="MOH")
    assert read_figures(page)["open"].startswith("1")
    assert (
        sits(answered.pm).page(entity="MOH").select(".kpi")[4].select(".kpi__n")[0].get_text(strip=True)[0]
        == "0"
    )
    assert read_figures(sits(answered.pm).page(governorate="GOV-AQ"))["on_time"] == "لا يكفي ليُقال"


def test_figures_lead_to_their_definitions_and_to_the_cases_behind_them(
    answered: Jordan, sits: SignIn
) -> None:
    screen = sits(answered.manager)
    page = screen.page()
    anchors = {str(one["id"]) for one in screen.page("definitions").select(".definition")}
    assert anchors == {*INDICATORS, *USAGE_INDICATORS}
    linked = {str(link["href"]).partition("#")[2] for link in page.select("a[href*='definitions#']")}
    assert linked <= anchors
    address = str(page.select(".kpi__n a[href*='/cases/open']")[0]["href"])
    assert TITLE in screen.client.get(address).content.decode()


def test_what_needs_a_minister_is_there_without_a_citizens_word_and_can_be_instructed(
    answered: Jordan, sits: SignIn
) -> None:
    screen = sits(answered.minister)
    for query in ({}, {"view": "wall"}):
        assert TITLE not in screen.get(**query).content.decode()
    form = screen.page().select(".watch form")[0]
    fields = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[name]")}
    sent = screen.client.post(str(form["action"]), fields | {"text": "المطلوب رد واضح قبل هذا التاريخ."})
    assert (sent.status_code, sent["Location"]) == (302, "/dashboard")
    page = screen.page()
    assert "1 منك" in read_text(page.select(".tile__foot")[0])
    assert Case.objects.filter(instructions__isnull=False).exclude(instructions=[]).count() == 1
    assert sits(answered.manager).page().select(".tile--needs .tile__foot")


def test_where_a_body_is_looked_at_only_its_cases_need_somebody(answered: Jordan, sits: SignIn) -> None:
    late = answered.submit(at=NOON - DAY)
    commands.escalate_case(
        case=late.case,
        seen=1,
        level=EscalationLevel.PM_UNIT,
        reason="المقاول متوقف",
        actor=answered.manager,
        at=NOON,
    )
    unit = sits(answered.pm)
    assert unit.page().select(".watch li") and unit.page(entity="GAM").select(".watch li")
    elsewhere = unit.page(entity="MOH")
    assert elsewhere.select(".watch li") == []
    assert read_text(elsewhere.select(".tile--needs .tile__none")[0]) == "لا شيء هنا يحتاجك الآن."


def test_the_wall_has_no_more_than_fits_and_every_picture_its_table(answered: Jordan, sits: SignIn) -> None:
    page = sits(answered.minister).page(view="wall", show="2")
    assert page.html and page.html["data-theme"] == "dark"
    assert page.select("main")[0]["data-turn"] == "2"
    assert page.select("details, form, main a") == []
    assert (
        len(page.select(".vh table")) == len(page.select(".tile")) - 1
    )  # what needs somebody is a list itself


def test_a_table_is_the_same_on_the_page_and_in_both_sheets(answered: Jordan, sits: SignIn) -> None:
    screen = sits(answered.minister)
    for name in TABLE_BUILDERS:
        page = screen.page("table", name)
        rows = [[read_text(cell) for cell in row.select("th, td")] for row in page.select(".scroll tbody tr")]
        answer = screen.get("sheet", name, "csv")
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [line[0] for line in lines[1:]] == [row[0] for row in rows], name
        assert screen.get("sheet", name, "xlsx").content[:2] == b"PK"


def test_what_is_left_open_in_the_form_is_left_out_of_the_address(jordan: Jordan, sits: SignIn) -> None:
    answer = sits(jordan.pm).get(entity="GAM", unit="", kind="")
    assert (answer.status_code, answer["Location"]) == (302, "/dashboard?entity=GAM")


@pytest.mark.parametrize("page", ["table", "sheet"])
def test_a_table_that_is_not_there(page: str, jordan: Jordan, sits: SignIn) -> None:
    assert sits(jordan.pm).get(page, *["nothing", "csv"][: 1 + (page == "sheet")]).status_code == 404
    assert sits(jordan.pm).get("sheet", "trend", "exe").status_code == 404


def test_a_day_on_which_nothing_came_yet_has_a_page(jordan: Jordan, sits: SignIn) -> None:
    """«Today», early in the morning: topics that came yesterday have no longest bar."""
    jordan.submit(at=NOON - DAY, service=jordan.services["GAM-002"])
    run_projection()
    today = str(NOON.date())
    topics = sits(jordan.pm).page(**{"from": today, "to": today}).select("section:has(#topics-h) .lines b")
    assert [read_text(number).split()[0] for number in topics] == ["0"]
