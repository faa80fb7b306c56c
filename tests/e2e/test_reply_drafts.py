"""What an officer writes, in a real browser: through a crash, a cut connection and a second window, nothing is lost."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, CaseText, Event
from bekhedmetkom.cases.workspace_models import Draft
from bekhedmetkom.kernel.clock import now
from tests.e2e.conftest import OpenPage, Site
from tests.e2e.page_steps import sign_in
from tests.page_checks import check_page

pytestmark = pytest.mark.e2e
ANSWER_TEXT = (
    "ردم قسم صيانة الشوارع الحفرة يوم الأربعاء 25 تشرين الثاني. إن لم يُحل الأمر فلك أن تعترض خلال 30 يومًا."
)
OTHER_ANSWER_TEXT = "كشفنا على الموقع يوم الأحد. نعود إليك قبل نهاية الأسبوع."


def create_assigned_case(site: Site) -> Case:
    jordan = site.jordan
    sent = jordan.submit(at=now())
    commands.assign_case(case=sent.case, seen=1, unit=jordan.roads, actor=jordan.main, at=now())
    return Case.objects.get(pk=sent.case)


def open_case(page: Page, case: Case, *, persona: str = "roads_officer", prefix: str = "") -> Page:
    sign_in(page, persona, prefix=prefix)
    page.goto(f"{prefix}/desk/cases/{case.reference}")
    return page


def open_second_window(page: Page, case: Case, *, prefix: str = "") -> Page:
    """Another window of the same browser."""
    other = page.context.new_page()
    other.goto(f"{prefix}/desk/cases/{case.reference}")
    return other


def count_events(case: Case, kind: str) -> int:
    return Event.objects.filter(case=case, kind=kind).count()


def crash_page(page: Page) -> None:
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash", timeout=3000)


def wait_until_saved(page: Page, *, prefix: str = "") -> None:
    """The server has what was typed."""
    said = {"": "مسودة، حُفظت اليوم", "/en": "Draft, saved today"}[prefix]
    expect(page.locator("[data-reply] [data-kept-said]")).to_contain_text(said)


def type_reply(page: Page, text: str = ANSWER_TEXT) -> None:
    page.locator("[name=disposition]").select_option("upheld")
    page.locator("#id_text").fill(text)


@pytest.mark.parametrize("paused", [True, False], ids=["after a pause", "in the middle of a word"])
def test_a_draft_survives_the_crash_of_its_tab(site: Site, visit: OpenPage, paused: bool) -> None:
    case = create_assigned_case(site)
    page = open_case(visit(), case)
    type_reply(page)
    if paused:
        wait_until_saved(page)
    crash_page(page)
    again = open_second_window(page, case)
    expect(again.locator("#id_text")).to_have_value(ANSWER_TEXT)
    expect(again.locator("[name=disposition]")).to_have_value("upheld")
    wait_until_saved(again) if paused else expect(
        again.locator("[data-reply] [data-kept-said]")
    ).not_to_be_empty()
    check_page(again, "a draft that is there again")
    assert count_events(case, "case.answered") == 0
    again.locator("[data-reply] [data-discard]").click()
    again.wait_for_url(f"**/desk/cases/{case.reference}")
    expect(again.locator("#id_text")).to_have_value("")
    assert not Draft.objects.exists()


def test_a_draft_is_discarded_after_what_is_on_its_way_and_stays_so(site: Site, visit: OpenPage) -> None:
    """The server would keep anew what comes late."""
    case = create_assigned_case(site)
    page = open_case(visit(), case)
    type_reply(page)
    wait_until_saved(page)
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    page.route("**/keep", hold)
    with page.expect_request("**/keep"):
        page.locator("#id_text").fill(OTHER_ANSWER_TEXT)
    page.locator("[data-reply] [data-discard]").click()
    page.wait_for_timeout(300)
    assert len(asked) == 1
    asked[0].continue_()
    expect(page.locator("#id_text")).to_have_value("")
    assert not Draft.objects.exists()


def test_what_is_written_without_a_network_is_kept_here_and_then_there(site: Site, visit: OpenPage) -> None:
    case = create_assigned_case(site)
    page = open_case(visit(), case)
    page.context.set_offline(True)
    type_reply(page)
    expect(page.locator("[data-reply] [data-kept-said]")).to_contain_text("محفوظ على هذا الجهاز")
    page.locator("[data-reply] [data-main]").click()
    expect(page.locator("[data-reply] [data-cut-before]")).to_be_visible()
    check_page(page, "a reply without a network")
    assert not Draft.objects.exists()
    page.context.set_offline(False)
    wait_until_saved(page)
    assert Draft.objects.get(case=case).text == ANSWER_TEXT
    with page.expect_navigation():
        page.locator("[data-cut] button:visible").click()
    assert count_events(case, "case.answered") == 1


@pytest.mark.parametrize("arrived", [False, True], ids=["before it arrived", "after it arrived"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_network_cut_in_the_middle_of_sending_loses_and_doubles_nothing(
    site: Site, visit: OpenPage, arrived: bool, prefix: str
) -> None:
    case = create_assigned_case(site)
    page = open_case(visit(), case, prefix=prefix)
    type_reply(page)

    def cut(route: Route) -> None:
        if arrived:
            assert route.fetch(max_redirects=0).status == 200
        route.abort("connectionreset")

    page.route("**/answer", cut)
    page.locator("[data-reply] [data-main]").click()
    expect(page.locator("[data-reply] [data-cut-after]")).to_be_visible()
    expect(page.locator("#id_text")).to_have_value(ANSWER_TEXT)
    check_page(page, "a reply of which nobody knows whether it arrived")
    assert count_events(case, "case.answered") == int(arrived)
    page.unroute("**/answer")
    with page.expect_navigation():
        page.locator("[data-cut] button:visible").click()
    done = page.locator(".notices")
    expect(done).to_contain_text({"": "أُرسل الرد", "/en": "The reply went out"}[prefix])
    if arrived and not prefix:
        expect(done).to_contain_text("ولم يتكرر")
    assert count_events(case, "case.answered") == 1
    assert CaseText.objects.filter(case=case, field="answer").count() == 1
    assert not Draft.objects.exists()


def test_a_note_that_had_arrived_when_the_tab_crashed_is_not_written_twice(
    site: Site, visit: OpenPage
) -> None:
    case = create_assigned_case(site)
    page = open_case(visit(), case)
    page.locator("#note").fill("اتصلت بالمقاول")

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.route("**/note", lose)
    page.locator("#note").press("Enter")
    expect(page.locator("form:has(#note) [data-cut-after]")).to_be_visible()
    crash_page(page)
    again = open_second_window(page, case)
    expect(again.locator("#note")).to_have_value("اتصلت بالمقاول")
    with again.expect_navigation():
        again.locator("#note").press("Enter")
    expect(again.locator(".notices")).to_contain_text("ولم يتكرر")
    assert count_events(case, "case.noted") == 1


def test_two_officers_in_two_windows_overwrite_nothing(site: Site, visit: OpenPage) -> None:
    case = create_assigned_case(site)
    first = open_case(visit(), case, persona="main")
    second = open_case(visit(), case)
    type_reply(second)
    first.locator("#note").fill("اتصل بنا المقاول: يعود غدًا")
    with first.expect_navigation():
        first.locator("#note").press("Enter")
    with second.expect_navigation():
        second.locator("[data-reply] [data-main]").click()
    told = second.locator("[role=alert]", has_text="تغيّر الطلب وأنت تعمل عليه")
    expect(told).to_contain_text("أُضيفت ملاحظة داخلية")
    expect(second.locator("#id_text")).to_have_value(ANSWER_TEXT)
    check_page(second, "a conflict")
    assert (count_events(case, "case.noted"), count_events(case, "case.answered")) == (1, 0)
    with second.expect_navigation():
        second.locator("[data-reply] [data-main]").click()
    assert (count_events(case, "case.noted"), count_events(case, "case.answered")) == (1, 1)


@pytest.mark.parametrize(("size", "prefix"), [((1440, 900), ""), ((390, 844), "/en")])
def test_two_windows_of_one_officer_are_laid_side_by_side(
    site: Site, visit: OpenPage, size: tuple[int, int], prefix: str
) -> None:
    case = create_assigned_case(site)
    first = open_case(visit(size=size), case, prefix=prefix)
    second = open_second_window(first, case, prefix=prefix)
    type_reply(first)
    wait_until_saved(first, prefix=prefix)
    type_reply(second, OTHER_ANSWER_TEXT)
    with second.expect_navigation():
        second.locator("[data-reply] [data-compare]").click()
    for text in (*ANSWER_TEXT.split(". "), *OTHER_ANSWER_TEXT.split(". ")):
        expect(second.locator(".compared")).to_contain_text(text)
    check_page(second, "two texts side by side")
    assert Draft.objects.get(case=case).text == ANSWER_TEXT
    second.locator("input[type=radio][value=both]").first.check()
    with second.expect_navigation():
        second.locator("button[name=merge]").click()
    merged = second.locator("#id_text").input_value()
    assert ANSWER_TEXT.split(". ")[0] in merged
    assert OTHER_ANSWER_TEXT.split(". ")[0] in merged
    check_page(second, "two texts that are one")
    second.locator("#id_text").press_sequentially(" ")
    wait_until_saved(second, prefix=prefix)
    assert Draft.objects.get(case=case).text.strip() == merged.strip()


def test_a_shared_computer_remembers_nothing_that_the_server_has(site: Site, visit: OpenPage) -> None:
    case = create_assigned_case(site)
    page = open_case(visit(), case)
    type_reply(page)
    wait_until_saved(page)
    assert page.evaluate("Object.keys(localStorage)") == []
