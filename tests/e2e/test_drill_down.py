"""From a figure to what is done about it, and to a wall that shows it: a minister's ways, in a real browser."""

import pytest
from playwright.sync_api import expect

from bekhedmetkom.analytics.projection import AnalyticsProjection
from bekhedmetkom.cases.feed import advance_consumer
from bekhedmetkom.kernel.clock import now
from tests.e2e.conftest import OpenPage, Site
from tests.e2e.page_steps import sign_in
from tests.page_checks import check_page
from tests.personas import DAY, place_under_minister

pytestmark = pytest.mark.e2e

WALL_SCREEN_SIZE = (1920, 1080)
QUESTION_TEXT = "ما سبب ما بقي مفتوحًا؟"


@pytest.fixture(autouse=True)
def counted(site: Site) -> str:
    """A case that is open at a body below the minister, in the figures; its reference."""
    place_under_minister(site.jordan)
    case = site.jordan.submit(at=now() - DAY)
    while advance_consumer(AnalyticsProjection(), horizon=2**62):
        pass
    return case.reference


def test_from_a_figure_to_its_cases_to_its_head_to_the_list(visit: OpenPage, counted: str) -> None:
    page = visit()
    sign_in(page, "minister")
    page.goto("/dashboard?entity=GAM")
    page.locator(".kpi", has_text="المفتوحة").locator(".kpi__n a").click()
    expect(page.locator("main h1")).to_have_text("المفتوحة 1")
    expect(page.locator("main .cases bdi").first).to_have_text(counted)
    page.get_by_role("link", name="توجيه إلى رئيس الجهة").click()
    expect(page.locator(".asking__figure")).to_contain_text("1")
    check_page(page, "asking a head about a figure")
    page.locator("textarea[name=text]").fill(QUESTION_TEXT)
    page.get_by_role("button", name="إرسال التوجيه").click()
    expect(page.locator("main .callout--ok")).to_contain_text("أُرسل التوجيه")
    page.locator(".tile--needs a[href*=instructions]").first.click()
    expect(page.locator("#figures-h + ul > li")).to_contain_text(QUESTION_TEXT)


def test_a_screen_is_added_opened_once_and_ended(visit: OpenPage) -> None:
    page, wall = visit(), visit(size=WALL_SCREEN_SIZE)
    sign_in(page, "minister")
    page.goto("/dashboard?entity=GAM")
    page.get_by_role("link", name="شاشة تبقى مفتوحة").click()
    page.locator("[name=name]").fill("قاعة الاجتماعات")
    page.get_by_role("button", name="إعداد الشاشة").click()
    address = page.locator(".screen__address").inner_text()
    check_page(page, "a screen that was added")
    wall.goto(address)
    check_page(wall, "before a wall begins")
    wall.get_by_role("button", name="تشغيل الشاشة").click()
    expect(wall.locator(".kpi", has_text="المفتوحة")).to_contain_text("1")
    assert wall.locator("main a").count() == 0
    for language in ("", "/en"):
        for turn in ("1", "2"):
            wall.goto(f"{language}/wall?show={turn}")
            check_page(wall, f"{language}/wall, view {turn}")
    page.goto("/dashboard/screens")
    page.locator("button[name=end]").click()
    expect(page.locator("main .callout--ok")).to_contain_text("أُغلقت الشاشة")
    wall.goto("/wall")
    expect(wall.locator("h1")).to_have_text("انتهت هذه الشاشة")
