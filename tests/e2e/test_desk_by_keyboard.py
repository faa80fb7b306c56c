"""Work without a mouse: an officer assigns ten cases, another answers them, and nobody touches anything but keys."""

import pytest
from playwright.sync_api import Page, expect

from bekhedmetkom.cases.commands import answer_case
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.kernel.clock import now
from tests.e2e.conftest import PHONE_SIZE, OpenPage, Site
from tests.e2e.page_steps import track
from tests.officer_factories import PASSWORD

pytestmark = pytest.mark.e2e
CASE_COUNT = 10


def press_keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def sign_in_by_keys(page: Page, persona: str) -> None:
    page.goto("/sign-in")
    page.locator("[name=login]").focus()
    page.keyboard.type(f"{persona}@example.jo")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.name") != "password":
        page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)


def choose_option(page: Page, select: str, value: str) -> None:
    """Down the options of the focused select until the wanted one stands there."""
    field = page.locator(select)
    expect(field).to_be_focused()
    for _option in range(60):
        if field.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not offered")


def tab_to(page: Page, name: str) -> None:
    for _field in range(30):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {name}")


def test_ten_cases_are_assigned_and_answered_by_keys_alone(site: Site, visit: OpenPage) -> None:
    jordan = site.jordan
    cases = [
        jordan.submit(f"حفرة رقم {n} في الشارع", at=now(), service=jordan.services["GAM-002"])
        for n in range(CASE_COUNT)
    ]
    assign_all(visit(), f"unit:{jordan.roads}")
    assert set(Case.objects.values_list("unit_id", flat=True)) == {jordan.roads}
    answer_all(visit())
    assert set(Case.objects.values_list("state", flat=True)) == {"answered"}
    assert Case.objects.count() == len(cases)
    assert list(verify_journal()) == []


def assign_all(page: Page, unit: str) -> None:
    """One alone, taken back; then all of them together."""
    sign_in_by_keys(page, "main")
    page.goto("/desk?queue=unassigned")
    press_keys(page, "j", "a")
    page.wait_for_url("**/assign")
    choose_option(page, "select[name=to]", unit)
    press_keys(page, "Control+Enter")
    expect(page.locator(".notices")).to_contain_text("سُجّل التكليف")
    press_keys(page, "Control+z")
    expect(page.locator(".notices")).to_contain_text("تراجعت")
    press_keys(page, "Control+k")
    expect(page.locator("#palette-line")).to_be_focused()
    page.keyboard.type("غير مكل")
    press_keys(page, "Enter")
    page.wait_for_url("**/desk?queue=unassigned")
    press_keys(page, "j", "x")
    for _row in range(CASE_COUNT - 2):
        press_keys(page, "j")
    press_keys(page, "j", "Shift+X")
    expect(page.locator("[data-picked]")).to_have_text(str(CASE_COUNT))
    press_keys(page, "a")
    page.wait_for_url("**/desk/bulk/assign?*")
    choose_option(page, "select[name=to]", unit)
    press_keys(page, "Control+Enter")
    expect(page.locator("h1")).to_contain_text(f"تم {CASE_COUNT} من {CASE_COUNT}")


def answer_all(page: Page) -> None:
    sign_in_by_keys(page, "roads_officer")
    for number in range(CASE_COUNT):
        page.goto("/desk") if not number else press_keys(page, "Escape")
        page.wait_for_url("**/desk*")
        press_keys(page, "j", "r")
        page.wait_for_url("**/answer")
        tab_to(page, "disposition")
        choose_option(page, "select[name=disposition]", "upheld")
        tab_to(page, "text")
        page.keyboard.type(f"ردم قسم صيانة الشوارع الحفرة رقم {number} يوم الأربعاء.")
        press_keys(page, "Control+Enter")
        expect(page.locator(".notices")).to_contain_text("أُرسل الرد")


@pytest.mark.parametrize(("prefix", "onward"), [("", "ArrowLeft"), ("/en", "ArrowRight")])
def test_arrows_go_up_the_stars_as_they_stand(site: Site, visit: OpenPage, prefix: str, onward: str) -> None:
    at = now()
    case = site.jordan.submit(at=at)
    answer_case(
        case=case.case, seen=1, text="أُصلحت الحفرة.", disposition=Disposition.UPHELD, actor=site.jordan.main, at=at
    )  # fmt: skip
    page = visit(size=PHONE_SIZE)
    track(page, case.reference, case.access_code, prefix=prefix)
    tab_to(page, "stars")
    for stars in range(1, 6):
        page.keyboard.press(onward if stars > 1 else "Space")
        expect(page.locator("[name=stars]:focus")).to_have_value(str(stars))
    filled = "e => getComputedStyle(e.querySelector('.icon')).fill !== 'none'"
    page.keyboard.press("ArrowUp")
    assert [star.evaluate(filled) for star in page.locator(".stars label").all()] == [True] * 4 + [False]
