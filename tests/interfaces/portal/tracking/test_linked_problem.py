"""The problem that a case is linked to, on the case page."""

from bekhedmetkom.problems import commands
from bekhedmetkom.problems.models import Problem, ProblemStep
from tests.interfaces.api.case_stages import create_problem
from tests.interfaces.portal.browser import Browser
from tests.interfaces.portal.conftest import OpenCase
from tests.personas import NOON, Jordan


def test_case_page_shows_how_many_people_reported_the_problem(
    jordan: Jordan, browser: Browser, open_case: OpenCase
) -> None:
    case, problem = open_case(), create_problem()
    assert "أبلغ عنها" not in browser.open(f"/c/{case.reference}").text
    commands.link_case(case=case.case, seen=None, actor=jordan.main, at=NOON, problem=problem)
    Problem.objects.filter(pk=problem).update(people_count=47)
    shown = browser.open(f"/c/{case.reference}").text
    assert "أبلغ عنها 47 شخصًا" in shown
    assert "حفر في شارع الجامعة" in shown
    assert browser.page.select_one(f"a[href='/problems/{problem}']")


def test_problem_page_shows_only_public_steps(jordan: Jordan, browser: Browser) -> None:
    problem = create_problem()
    for did in ("found", "confirmed", "reworded"):
        ProblemStep.objects.create(problem_id=problem, action=did, at=NOON, actor="clock", fix_on=NOON.date())
    browser.open(f"/problems/{problem}")
    assert len(browser.page.select(".timeline li")) == 1
