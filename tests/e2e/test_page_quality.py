"""Quality of every page: accessibility, layout, size and keyboard use."""

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response

from bekhedmetkom.analytics.commands.reports import make_reports
from bekhedmetkom.analytics.projection import AnalyticsProjection
from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import SubmissionResult
from bekhedmetkom.cases.feed import advance_consumer
from bekhedmetkom.cases.models import Case
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.rules import Disposition, EscalationLevel, Kind
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.kernel.clock import get_local_date, now
from bekhedmetkom.problems import commands as problems
from bekhedmetkom.problems.models import SimilarCase
from tests.e2e.conftest import DESKTOP_SIZE, OpenPage, Site
from tests.e2e.page_steps import TEXTS, answer_question, send_case, sign_in, track
from tests.interfaces.api.case_stages import create_problem
from tests.interfaces.portal.information.test_published_answers import ASKED, answer_case
from tests.page_checks import check_page
from tests.personas import DAY, place_under_minister

pytestmark = pytest.mark.e2e

PUBLIC_PAGES = ("/", "/new", "/track", "/entities", "/entities/GAM", "/problems", "/help", "/privacy", "/terms",
         "/accessibility", "/confidential", "/chat", "/offline", "/new/offline", "/new/waiting", "/embed/new",
         "/kiosk?entity=GAM", "/api/v1/docs", "/no-such-page")  # fmt: skip
STEPS = ("kind", "describe", "destination", "place", "contact", "check")
MAX_PAGE_BYTES = 60 * 1024  # bytes a page, gzipped, without fonts


def measure_page_bytes(page: Page) -> Callable[[], int]:
    """Count the bytes that pages load from now on, gzipped and without fonts."""
    bodies: dict[str, int] = {}

    def add(response: Response) -> None:
        if response.request.resource_type != "font" and response.ok:
            bodies[response.url] = len(gzip.compress(response.body()))

    page.on("response", add)

    def total() -> int:
        weight = sum(bodies.values())
        bodies.clear()
        return weight

    return total


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_public_pages_are_accessible(site: Site, visit: OpenPage, prefix: str) -> None:
    page = visit()
    weight = measure_page_bytes(page)
    for path in PUBLIC_PAGES:
        page.goto(f"{prefix}{path}" if path != "/" else prefix or "/")
        page.wait_for_load_state("networkidle")
        assert weight() <= MAX_PAGE_BYTES, path
        check_page(page, f"{prefix}{path}")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_case_form_and_case_page_are_accessible(site: Site, visit: OpenPage, prefix: str) -> None:
    page = visit()
    weight = measure_page_bytes(page)
    page.goto(f"{prefix}/new")
    for _question in range(12):
        step = page.locator("#answers input[name=step]").get_attribute("value")
        page.wait_for_load_state("networkidle")
        assert weight() <= MAX_PAGE_BYTES, step
        check_page(page, f"{prefix}/new {step}")
        page.locator("#answers .btn--lg").click() if step in ("kind", "describe", "destination") else None
        page.wait_for_load_state("networkidle")
        if step in ("kind", "describe", "destination"):
            assert page.locator(".error-summary").count() == 1, step
            check_page(page, f"{prefix}/new {step}, with its error")
        answer_question(page, "complaint", TEXTS["complaint"], {"phone": "0791234567"})
        if page.locator(".receipt").count():
            break
    check_page(page, f"{prefix}/new/received")
    reference, code = (line.inner_text() for line in page.locator(".receipt dd").all())
    page.goto(f"{prefix}/track")
    page.locator("main [name=reference]").fill(reference)
    page.locator("main [name=code]").fill("0000000000")
    with page.expect_navigation():
        page.locator("main form .btn").first.click()
    check_page(page, "a wrong code")
    track(page, reference, code, prefix=prefix)
    check_page(page, "a case that has arrived")
    case = Case.objects.get(reference=reference)
    jordan = site.jordan
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=now())
    commands.ask_citizen(case=case.pk, seen=2, text="أي مدرسة؟", actor=jordan.roads_officer, at=now())
    page.reload()
    check_page(page, "a case with a question")
    commands.answer_case(
        case=case.pk,
        seen=3,
        text="أُصلحت.",
        disposition=Disposition.UPHELD,
        actor=jordan.roads_officer,
        at=now(),
    )
    page.reload()
    weight()
    page.reload()
    page.wait_for_load_state("networkidle")
    assert weight() <= MAX_PAGE_BYTES
    check_page(page, "an answered case")
    commands.appeal_case(case=case.pk, seen=None, reason="لم تُصلح", actor=jordan.get_citizen(case), at=now())
    page.reload()
    check_page(page, "an appealed case")


def test_published_answer_is_accessible(site: Site, visit: OpenPage) -> None:
    """Its page, and the step that offers it."""
    Service.objects.filter(code="GAM-001").update(public=True)
    refresh_versions()
    case = answer_case(site.jordan)
    page = visit()
    page.goto(f"/answers/{case.reference}")
    check_page(page, "a published answer")
    page.goto("/new?kind=question")
    page.locator("[name=text]").fill(ASKED)
    page.locator("#answers .btn--lg").click()
    page.locator("#published-h").wait_for()
    check_page(page, "an answer beside the bodies")


def create_desk_cases(site: Site) -> tuple[SubmissionResult, SubmissionResult]:
    """Create a waiting case and one with a full history."""
    jordan = site.jordan
    fresh, old = jordan.submit(at=now()), jordan.submit(at=now(), title="حفرة أمام المدرسة")
    seq = commands.assign_case(case=old.case, seen=1, unit=jordan.roads, actor=jordan.main, at=now())
    seq = commands.add_note(case=old.case, seen=seq, text="اتصلت بالمقاول", actor=jordan.main, at=now())
    seq = commands.ask_citizen(
        case=old.case, seen=seq, text="أي مدرسة؟", actor=jordan.roads_officer, at=now()
    )
    commands.add_message(
        case=old.case, seen=None, text="مدرسة طبربور", actor=jordan.get_citizen(old), at=now()
    )
    return fresh, old


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_desk_is_accessible(site: Site, visit: OpenPage, prefix: str) -> None:
    fresh, old = create_desk_cases(site)
    page = visit(size=(1440, 900))
    page.goto(f"{prefix}/sign-in")
    check_page(page, "sign-in")
    sign_in(page, "main", prefix=prefix)
    check_page(page, "the list")
    page.goto(f"{prefix}/desk?queue=entity&q=حفرة")
    check_page(page, "a search")
    for sent in (fresh, old):
        page.goto(f"{prefix}/desk/cases/{sent.reference}")
        check_page(page, "a case on the desk")
    for verb in ("assign", "refer", "reclassify", "merge", "snooze", "commit"):
        page.goto(f"{prefix}/desk/cases/{old.reference}/{verb}")
        check_page(page, verb)
    for sheet in ("leave", "register", "people", f"cases/{old.reference}/print"):
        page.goto(f"{prefix}/desk/{sheet}")
        check_page(page, sheet)
    act_on_several_cases(page, prefix)
    page.goto(f"{prefix}/desk/cases/BK-0000-0000")
    check_page(page, "a case that is not there")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_settings_and_leadership_pages_are_accessible(site: Site, visit: OpenPage, prefix: str) -> None:
    template = create_dashboard_data(site)
    found, confirmed = create_problems(site)
    month = create_report(site)
    page = visit(size=(1440, 900))
    sign_in(page, "head", prefix=prefix)
    for place in (
        "needs-you", "instructions", "bodies", "bodies/GAM", "workload", "approval", "templates",
        f"templates/{template}", "distribution", "distribution/trial", "quality", "bell", "problems",
        f"problems/{found}", f"problems/{confirmed}",
    ):  # fmt: skip
        page.goto(f"{prefix}/desk/{place}")
        check_page(page, place)
    page.goto(f"{prefix}/problems/{confirmed}")
    check_page(page, "a problem as everybody reads it")
    page.goto(f"{prefix}/account/telling")
    check_page(page, "how e-mail comes")
    weight = measure_page_bytes(page)
    page.goto(f"{prefix}/dashboard")
    page.wait_for_load_state("networkidle")
    assert weight() <= MAX_PAGE_BYTES
    for place in (
        "",
        "?entity=GAM&from=2026-01-01",
        "/definitions",
        "/cases/received",
        "/tables/ranking",
        "/forecast",
        "/alerts",
        "/priorities",
        "/interaction",
        "/reports",
        f"/reports/{month}/GAM",
    ):
        page.goto(f"{prefix}/dashboard{place}")
        check_page(page, f"dashboard{place}")


def create_dashboard_data(site: Site) -> int:
    """Create a body with settings and a backlog; return the key of its text."""
    jordan, at = site.jordan, now()
    place_under_minister(jordan)
    jordan.submit(at=at - 30 * DAY, title="حفرة لم تُردم")
    raised = jordan.submit(at=at, title="حفرة أمام المستشفى")
    commands.escalate_case(
        case=raised.case,
        seen=1,
        level=EscalationLevel.HEAD_OF_BODY,
        reason="المقاول متوقف",
        actor=jordan.main,
        at=at,
    )
    commands.ask_head_of_body(
        case=raised.case, seen=2, text="لماذا توقف؟", until=at + 7 * DAY, actor=jordan.minister, at=at
    )
    body, manager = jordan.entities["GAM"], jordan.manager
    commands.add_approval_rule(entity=body, kind=Kind.COMPLAINT, actor=manager, at=at)
    commands.add_distribution_rule(entity=body, unit=jordan.roads, automatic=True, actor=manager, at=at)
    commands.add_skill(
        entity=body, officer=jordan.roads_officer.officer_id or 0, topic=jordan.services["GAM-002"],
        actor=manager, at=at,
    )  # fmt: skip
    return commands.save_template(
        entity=body, kind=Kind.COMPLAINT, disposition=Disposition.UPHELD, name="كشف وإصلاح", actor=manager, at=at,
        body_ar="كشفنا على الموقع يوم {تاريخ الكشف}، وأصلح القسم العطل في اليوم نفسه.", body_en="",
    )  # fmt: skip


def create_report(site: Site) -> str:
    """Create a finished month with a case and its reports."""
    at = now()
    site.jordan.submit(at=at - 40 * DAY)
    while advance_consumer(AnalyticsProjection(), horizon=2**62):
        pass
    make_reports(at)
    return f"{get_local_date(at - 40 * DAY):%Y-%m}"


def create_problems(site: Site) -> tuple[int, int]:
    """Create an undecided problem and a public one, each with a case."""
    at = now()
    found = create_problem(status="found", found_cases=8, found_hours=6, version=1)
    SimilarCase.objects.create(
        problem_id=found, case=site.jordan.create_case(at=at), received_at=at, similarity=80
    )
    confirmed, case = (
        create_problem(fix_on=(at + 9 * DAY).date(), confirmed_at=at),
        site.jordan.create_case(at=at),
    )
    problems.link_case(case=case.pk, seen=case.seq, actor=site.jordan.main, at=at, problem=confirmed)
    return found, confirmed


def press_until_focused(page: Page, selector: str, key: str = "Tab") -> None:
    """Press a key until the element has focus."""
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector} at {page.url}")


def act_on_several_cases(page: Page, prefix: str) -> None:
    """Use the list with selected rows: palette, bulk form and report."""
    page.goto(f"{prefix}/desk?queue=entity")
    page.locator("[data-pick-all]").check()
    check_page(page, "a list with rows picked")
    page.keyboard.press("Control+k")
    check_page(page, "the palette")
    page.keyboard.press("Escape")
    page.locator("#bulk button").first.click()
    page.wait_for_url("**/desk/bulk/assign?*")
    check_page(page, "a form for several cases")
    page.locator("select[name=to]").select_option(index=1)
    with page.expect_navigation():
        page.locator("[data-main]").click()
    check_page(page, "what was done to several cases")


def press_enter(page: Page) -> None:
    """Press Enter and wait for the next page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_complaint_is_submitted_by_keyboard(site: Site, visit: OpenPage) -> None:
    page = visit(size=DESKTOP_SIZE)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('skip')")
    press_until_focused(page, "main a[href$='/new'], main a[href*='/new?']")
    press_enter(page)
    typed = {"describe": TEXTS["complaint"], "destination": "أمانة عمان الكبرى"}
    searched = False
    for _question in range(14):
        if page.locator(".receipt").count():
            break
        step = str(page.locator("#answers input[name=step]").get_attribute("value"))
        match step:
            case "describe":
                press_until_focused(page, "textarea[name=text]")
                page.keyboard.insert_text(typed[step])
            case "destination" if not searched:
                press_until_focused(page, "[name=find]")
                page.keyboard.insert_text(typed[step])
                page.keyboard.press("Tab")
                press_enter(page)
                searched = True
                continue
            case "kind" | "destination" | "topic" | "contact":
                press_until_focused(
                    page, f"input[type=radio][name={'to' if step in ('destination', 'topic') else step}]"
                )
                page.keyboard.press("Space")
                if step == "contact":
                    page.keyboard.press("ArrowDown")
            case "place":
                press_until_focused(page, "select[name=governorate]")
                page.keyboard.press("ArrowDown")
            case _:
                pass
        press_until_focused(page, "#answers .btn--lg")
        press_enter(page)
    assert page.locator(".receipt").count() == 1
    assert Case.objects.count() == 1


def test_case_is_followed_rated_and_appealed_by_keyboard(site: Site, visit: OpenPage) -> None:
    jordan = site.jordan
    sent = jordan.submit(at=now())
    commands.answer_case(
        case=sent.case, seen=1, text="أُصلحت.", disposition=Disposition.UPHELD, actor=jordan.main, at=now()
    )
    page = visit()
    page.goto("/track")
    for name, typed in (("reference", sent.reference), ("code", sent.access_code)):
        press_until_focused(page, f"main [name={name}]")
        page.keyboard.insert_text(typed)
    press_enter(page)
    press_until_focused(page, "input[name=solved]")
    page.keyboard.press("ArrowDown")
    assert page.locator("input[name=solved][value=no]").is_checked()
    press_until_focused(page, "form[action$='/rate'] button")
    press_enter(page)
    press_until_focused(page, "form[action$='/appeal'] textarea")
    page.keyboard.insert_text("لم تُصلح")
    press_until_focused(page, "form[action$='/appeal'] button")
    press_enter(page)
    assert Case.objects.get(pk=sent.case).state == "appealed"


def test_reopened_page_stores_nothing_on_the_server(site: Site, visit: OpenPage) -> None:
    page = visit()
    send_case(page)
    other = visit()
    other.goto("/new/received")
    assert other.locator(".receipt").count() == 0
