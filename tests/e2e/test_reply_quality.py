"""A reply is judged while it is typed, in a real browser: without reloading, and for everybody to read."""

import pytest
from playwright.sync_api import expect

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.kernel.clock import now
from tests.e2e.conftest import OpenPage, Site
from tests.e2e.page_steps import sign_in
from tests.page_checks import check_page
from tests.personas import require_approval

pytestmark = pytest.mark.e2e
EMPTY_REPLY = "تم اتخاذ الإجراءات اللازمة."
GOOD_REPLY = "ردم قسم صيانة الشوارع الحفرة يوم الأربعاء. إن لم يُحل الأمر فلك أن تعترض خلال 30 يومًا."


def create_assigned_case(site: Site) -> Case:
    jordan = site.jordan
    sent = jordan.submit(at=now())
    commands.assign_case(case=sent.case, seen=1, unit=jordan.roads, actor=jordan.main, at=now())
    return Case.objects.get(pk=sent.case)


@pytest.mark.parametrize(("prefix", "size"), [("", (1440, 900)), ("/en", (1024, 800)), ("", (390, 844))])
def test_findings_come_and_go_with_the_words(
    site: Site, visit: OpenPage, prefix: str, size: tuple[int, int]
) -> None:
    case = create_assigned_case(site)
    page = visit(size=size)
    sign_in(page, "roads_officer", prefix=prefix)
    page.goto(f"{prefix}/desk/cases/{case.reference}")
    box, reason = page.locator("[data-quality]"), page.locator("[name=quality_reason]")
    page.locator("[name=disposition]").select_option("upheld")
    page.locator("#id_text").fill(EMPTY_REPLY)
    expect(box.locator("q")).to_have_text(EMPTY_REPLY)
    expect(reason).to_be_visible()
    check_page(page, "a reply that says nothing")
    page.locator("#id_text").fill(GOOD_REPLY)
    expect(box.locator("li")).to_have_count(0)
    expect(reason).to_be_hidden()
    check_page(page, "a reply that is clear")


def test_the_button_asks_at_once_and_without_a_script_too(site: Site, visit: OpenPage) -> None:
    case = create_assigned_case(site)
    for script in (True, False):
        page = visit(script=script)
        sign_in(page, "roads_officer")
        page.goto(f"/desk/cases/{case.reference}")
        page.locator("#id_text").fill(EMPTY_REPLY)
        page.locator("button[name=check]").click()
        expect(page.locator("[data-quality] q")).to_have_text(EMPTY_REPLY)
        expect(page.locator("#id_text")).to_have_value(EMPTY_REPLY)
        assert page.url.endswith("/answer") is not script


def test_an_approver_writes_a_reason_beside_what_is_missing(site: Site, visit: OpenPage) -> None:
    require_approval(site.jordan.entities["GAM"])
    case = create_assigned_case(site)
    page = visit(size=(1440, 900))
    sign_in(page, "roads_officer")
    page.goto(f"/desk/cases/{case.reference}")
    page.locator("[name=disposition]").select_option("upheld")
    page.locator("#id_text").fill(EMPTY_REPLY)
    with page.expect_navigation():
        page.locator("[data-main]").click()
    page = visit(size=(390, 844))
    sign_in(page, "approver")
    page.goto(f"/desk/cases/{case.reference}")
    check_page(page, "a reply that waits and says nothing")
    with page.expect_navigation():
        page.locator("[data-main]").click()
    check_page(page, "an approval without its reason")
    page.locator("[name=quality_reason]").fill("التحقيق مستمر")
    with page.expect_navigation():
        page.locator("[data-main]").click()
    case.refresh_from_db()
    assert case.state == "answered"
