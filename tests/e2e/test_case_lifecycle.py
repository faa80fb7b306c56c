"""The life of a case in a browser: submitted, assigned, answered, appealed, and decided by another reviewer."""

import pytest

from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.catalogue.rules import Handling, Kind
from tests.e2e.conftest import DESKTOP_SIZE, PHONE_SIZE, OpenPage, Site
from tests.e2e.page_steps import send_case, sign_in, submit_verb, track

pytestmark = pytest.mark.e2e

ANSWER_TEXT = "كشفنا على الحفرة أمام المدرسة وأصلحها قسم صيانة الشوارع يوم الأربعاء."


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(("script", "size"), [(True, DESKTOP_SIZE), (False, PHONE_SIZE)])
def test_complaint_is_followed_to_the_reviewers_decision(
    site: Site, visit: OpenPage, prefix: str, script: bool, size: tuple[int, int]
) -> None:
    citizen = visit(script=script, size=size)
    reference, code = send_case(citizen, prefix=prefix, name="سامر عواد", phone="0791234567")
    assert citizen.locator(".date-tile").count() == 1

    main = visit(script=script, size=size)
    sign_in(main, "main", prefix=prefix)
    assert reference in main.locator("main").inner_text()
    submit_verb(main, reference, "assign", prefix=prefix, to=f"unit:{site.jordan.roads}")

    officer = visit(script=script, size=size)
    sign_in(officer, "roads_officer", prefix=prefix)
    submit_verb(officer, reference, "answer", prefix=prefix, text=ANSWER_TEXT, disposition="upheld")
    assert Case.objects.get(reference=reference).state == "answered"

    track(citizen, reference, code, prefix=prefix)
    assert ANSWER_TEXT in citizen.locator("main").inner_text()
    citizen.locator("input[name=solved][value=no]").check()
    with citizen.expect_navigation():
        citizen.locator("form[action$='/rate'] button").last.click()
    citizen.locator("form[action$='/appeal'] textarea").fill("الحفرة ما زالت مكانها")
    with citizen.expect_navigation():
        citizen.locator("form[action$='/appeal'] button").last.click()
    case = Case.objects.get(reference=reference)
    assert (case.state, case.solved) == ("appealed", False)
    assert case.reviewer_id not in case.handlers

    reviewer = visit(script=script, size=size)
    sign_in(reviewer, "reviewer", prefix=prefix)
    submit_verb(
        reviewer, reference, "decide", prefix=prefix, text="زرنا المكان. يعاد العمل.", outcome="upheld"
    )
    case.refresh_from_db()
    assert case.state == "classified"
    assert list(verify_journal()) == []


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_submitted_through_the_portal(
    site: Site, visit: OpenPage, prefix: str, kind: str
) -> None:
    page = visit()
    reference, code = send_case(page, kind, prefix=prefix)
    case = Case.objects.get(reference=reference)
    assert case.kind == kind
    assert case.entity_id == site.jordan.entities["GAM"]
    assert (case.care == Handling.INSPECTION) == (kind == Kind.VIOLATION)
    track(page, reference, code, prefix=prefix)
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("script", [True, False])
def test_fear_of_harm_leads_to_the_confidential_channel_and_stores_nothing(
    visit: OpenPage, prefix: str, script: bool
) -> None:
    page = visit(script=script)
    page.goto(f"{prefix}/new")
    page.locator("input[name=kind][value=violation]").check()
    page.locator("#answers .btn--lg").click()
    page.locator("input[name=fear][value=yes]").check()
    with page.expect_navigation():
        page.locator("#answers .btn--lg").click()
    if not page.url.endswith("/confidential"):
        page.locator("main a.btn[href$='/confidential']").click()
    page.wait_for_url("**/confidential")
    assert Case.objects.count() == Event.objects.count() == 0


def test_double_click_reload_and_back_button_make_one_case(site: Site, visit: OpenPage) -> None:
    page = visit()
    reference, _ = send_case(page)
    page.reload()
    assert reference in page.locator(".receipt").inner_text()
    page.go_back()
    page.wait_for_load_state()
    if page.locator("#answers .btn--lg").count():
        page.locator("#answers .btn--lg").dblclick()
        page.wait_for_load_state()
    assert Case.objects.count() == 1


def test_of_two_officers_one_wins_and_the_other_sees_the_change(site: Site, visit: OpenPage) -> None:
    reference, _ = send_case(visit())
    first, second = visit(), visit()
    sign_in(first, "main")
    sign_in(second, "main")
    address = f"/desk/cases/{reference}/assign"
    for page in (first, second):
        page.goto(address)
    for page, unit in ((first, site.jordan.roads), (second, site.jordan.lighting)):
        form = page.locator("form[action$='/assign']").last
        form.locator("[name=to]").select_option(f"unit:{unit}")
        with page.expect_navigation():
            form.locator("[data-main]").click()
    assert Case.objects.get(reference=reference).unit_id == site.jordan.roads
    assert second.locator("[role=alert], .callout--warn, .error-summary").count() > 0
