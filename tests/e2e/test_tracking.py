"""Returning to a case in a browser: confirmation, code recovery and the list of cases.

Requests run with the web role, so that row-level security applies.
"""

import pytest
from playwright.sync_api import Page, expect

from bekhedmetkom.interfaces.jobs.access_code_recovery import answer_recovery_requests
from bekhedmetkom.kernel.clock import now
from tests.e2e.conftest import DESKTOP_SIZE, PHONE_SIZE, OpenPage, Site
from tests.e2e.page_steps import send_case, track
from tests.interfaces.portal.sent_codes import get_sent_code
from tests.page_checks import check_page

pytestmark = pytest.mark.e2e
PHONE_NUMBER = "+962791234567"


def submit_form(page: Page, button: str = "main form .btn") -> None:
    with page.expect_navigation():
        page.locator(button).first.click()


@pytest.mark.parametrize(("prefix", "size"), [("", PHONE_SIZE), ("/en", DESKTOP_SIZE)])
def test_confirmed_contact_opens_all_cases(
    site: Site, visit: OpenPage, prefix: str, size: tuple[int, int]
) -> None:
    page = visit(size=size)
    reference, _code = send_case(page, prefix=prefix, phone="0791234567", email="samer@example.jo")
    check_page(page, f"{prefix} received")

    submit_form(page, "button[name=next]")
    check_page(page, f"{prefix} contact")
    page.locator("[name=address]").fill("06 500 8080")
    submit_form(page, "form:has([name=address]) .btn")
    check_page(page, f"{prefix} contact with its error")
    submit_form(page, "button[name=to][value=phone]")
    check_page(page, f"{prefix} code")
    page.locator("[name=code]").fill("12")
    submit_form(page)
    check_page(page, f"{prefix} code with its error")
    page.locator("[name=code]").fill(get_sent_code(PHONE_NUMBER))
    submit_form(page)
    expect(page.locator(".callout--ok")).to_be_visible()
    check_page(page, f"{prefix} case")

    page.goto(f"{prefix}/c/{reference}/notify")
    check_page(page, f"{prefix} notify")
    page.locator("[name=tell_by][value=sms]").check()
    page.locator("[name=full_by_sms]").check()
    submit_form(page)
    expect(page.locator(".callout--ok")).to_be_visible()

    page.goto(f"{prefix}/track/forgotten")
    check_page(page, f"{prefix} forgotten")
    page.locator("[name=reference]").fill(reference)
    page.locator("[name=address]").fill("0791234567")
    submit_form(page)
    check_page(page, f"{prefix} forgotten sent")
    assert answer_recovery_requests(now()) == 1
    track(page, reference, get_sent_code(PHONE_NUMBER), prefix=prefix)
    check_page(page, f"{prefix} case again")
    submit_form(page, "form[action$=close] button")

    page.goto(f"{prefix}/mine")
    check_page(page, f"{prefix} mine")
    page.locator("[name=address]").fill("0791234567")
    submit_form(page)
    check_page(page, f"{prefix} mine code")
    page.locator("[name=code]").fill(get_sent_code(PHONE_NUMBER))
    submit_form(page)
    check_page(page, f"{prefix} mine list")
    page.locator("main .links a").first.click()
    page.wait_for_url(f"**{prefix}/c/{reference}")
    expect(page.locator("h1")).to_contain_text("حفرة")
    page.goto(f"{prefix}/mine")
    submit_form(page, "form[action$=leave] button")
    page.goto(f"{prefix}/c/{reference}")
    assert "/track" in page.url
