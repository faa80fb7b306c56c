"""Coming back to a case in a real browser: confirmed, forgotten, all together; each page fit for everybody.

Requests run with the web process's role: what they see of a case, the wall lets through.
"""

import pytest
from playwright.sync_api import Page, expect

from bekhedmetkom.interfaces.jobs.forgotten import answer_forgotten
from bekhedmetkom.kernel.clock import now
from tests.e2e.conftest import DESK, PHONE, Site, Visit
from tests.e2e.walks import send_case, track
from tests.interfaces.portal.post import code_for
from tests.pages import check

pytestmark = pytest.mark.e2e
NUMBER = "+962791234567"


def go(page: Page, button: str = "main form .btn") -> None:
    with page.expect_navigation():
        page.locator(button).first.click()


@pytest.mark.parametrize(("prefix", "size"), [("", PHONE), ("/en", DESK)])
def test_from_confirming_to_all_cases(site: Site, visit: Visit, prefix: str, size: tuple[int, int]) -> None:
    page = visit(size=size)
    reference, _code = send_case(page, prefix=prefix, phone="0791234567", email="samer@example.jo")
    check(page, f"{prefix} received")

    go(page, "button[name=next]")
    check(page, f"{prefix} contact")
    page.locator("[name=address]").fill("06 500 8080")
    go(page, "form:has([name=address]) .btn")
    check(page, f"{prefix} contact with its error")
    go(page, "button[name=to][value=phone]")
    check(page, f"{prefix} code")
    page.locator("[name=code]").fill("12")
    go(page)
    check(page, f"{prefix} code with its error")
    page.locator("[name=code]").fill(code_for(NUMBER))
    go(page)
    expect(page.locator(".callout--ok")).to_be_visible()
    check(page, f"{prefix} case")

    page.goto(f"{prefix}/c/{reference}/notify")
    check(page, f"{prefix} notify")
    page.locator("[name=tell_by][value=sms]").check()
    page.locator("[name=full_by_sms]").check()
    go(page)
    expect(page.locator(".callout--ok")).to_be_visible()

    page.goto(f"{prefix}/track/forgotten")
    check(page, f"{prefix} forgotten")
    page.locator("[name=reference]").fill(reference)
    page.locator("[name=address]").fill("0791234567")
    go(page)
    check(page, f"{prefix} forgotten sent")
    assert answer_forgotten(now()) == 1
    track(page, reference, code_for(NUMBER), prefix=prefix)
    check(page, f"{prefix} case again")
    go(page, "form[action$=close] button")

    page.goto(f"{prefix}/mine")
    check(page, f"{prefix} mine")
    page.locator("[name=address]").fill("0791234567")
    go(page)
    check(page, f"{prefix} mine code")
    page.locator("[name=code]").fill(code_for(NUMBER))
    go(page)
    check(page, f"{prefix} mine list")
    page.locator("main .links a").first.click()
    page.wait_for_url(f"**{prefix}/c/{reference}")
    expect(page.locator("h1")).to_contain_text("حفرة")
    page.goto(f"{prefix}/mine")
    go(page, "form[action$=leave] button")
    page.goto(f"{prefix}/c/{reference}")
    assert "/track" in page.url
