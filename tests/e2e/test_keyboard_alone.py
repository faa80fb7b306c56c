"""Work without a mouse: an officer assigns ten cases, another answers them, and nobody touches anything but keys."""

import pytest
from playwright.sync_api import Page, expect

from bekhedmetkom.cases.commands import answer
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.kernel.clock import now
from tests.e2e.conftest import PHONE, Site, Visit
from tests.e2e.walks import track
from tests.people import PASSWORD

pytestmark = pytest.mark.e2e
CASES = 10


def keys(page: Page, *pressed: str) -> None:
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


def choose(page: Page, select: str, value: str) -> None:
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


def test_ten_cases_are_assigned_and_answered_by_keys_alone(site: Site, visit: Visit) -> None:
    jordan = site.jordan
    cases = [
        jordan.submit(f"حفرة رقم {n} في الشارع", at=now(), service=jordan.services["GAM-002"]) for n in range(CASES)
    ]  # fmt: skip
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
    keys(page, "j", "a")
    page.wait_for_url("**/assign")
    choose(page, "select[name=to]", unit)
    keys(page, "Control+Enter")
    expect(page.locator(".notices")).to_contain_text("سُجّل التكليف")
    keys(page, "Control+z")
    expect(page.locator(".notices")).to_contain_text("تراجعت")
    keys(page, "Control+k")
    expect(page.locator("#palette-line")).to_be_focused()
    page.keyboard.type("غير مكل")
    keys(page, "Enter")
    page.wait_for_url("**/desk?queue=unassigned")
    keys(page, "j", "x")
    for _row in range(CASES - 2):
        keys(page, "j")
    keys(page, "j", "Shift+X")
    expect(page.locator("[data-picked]")).to_have_text(str(CASES))
    keys(page, "a")
    page.wait_for_url("**/desk/bulk/assign?*")
    choose(page, "select[name=to]", unit)
    keys(page, "Control+Enter")
    expect(page.locator("h1")).to_contain_text(f"تم {CASES} من {CASES}")


def answer_all(page: Page) -> None:
    sign_in_by_keys(page, "roads_officer")
    for number in range(CASES):
        page.goto("/desk") if not number else keys(page, "Escape")
        page.wait_for_url("**/desk*")
        keys(page, "j", "r")
        page.wait_for_url("**/answer")
        tab_to(page, "disposition")
        choose(page, "select[name=disposition]", "upheld")
        tab_to(page, "text")
        page.keyboard.type(f"ردم قسم صيانة الشوارع الحفرة رقم {number} يوم الأربعاء.")
        keys(page, "Control+Enter")
        expect(page.locator(".notices")).to_contain_text("أُرسل الرد")


@pytest.mark.parametrize(("prefix", "onward"), [("", "ArrowLeft"), ("/en", "ArrowRight")])
def test_arrows_go_up_the_stars_as_they_stand(site: Site, visit: Visit, prefix: str, onward: str) -> None:
    at = now()
    case = site.jordan.submit(at=at)
    answer(
        case=case.case, seen=1, text="أُصلحت الحفرة.", disposition=Disposition.UPHELD, actor=site.jordan.main, at=at
    )  # fmt: skip
    page = visit(size=PHONE)
    track(page, case.reference, case.access_code, prefix=prefix)
    tab_to(page, "stars")
    for stars in range(1, 6):
        page.keyboard.press(onward if stars > 1 else "Space")
        expect(page.locator("[name=stars]:focus")).to_have_value(str(stars))
    filled = "e => getComputedStyle(e.querySelector('.icon')).fill !== 'none'"
    page.keyboard.press("ArrowUp")
    assert [star.evaluate(filled) for star in page.locator(".stars label").all()] == [True] * 4 + [False]
