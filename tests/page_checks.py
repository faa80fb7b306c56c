"""What every page must be, whichever service shows it."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT as AXE
from playwright.sync_api import Page, expect


def set_expect_timeout() -> None:
    """What is expected comes at once; a machine that does other things too has as long as for a click."""
    expect.set_options(timeout=30_000)


def list_axe_violations(page: Page) -> list[Any]:
    """What axe finds. Of what is in order nothing leaves the browser: that took as long as the looking."""
    page.evaluate(AXE)
    found: list[Any] = page.evaluate(
        "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)"
    )
    return found


def check_page(page: Page, what: str) -> None:
    """One page in its present state, at the size it has and on the smallest screens."""
    found = list_axe_violations(page)
    assert not found, f"{what}: " + "; ".join(
        f"{fault['id']} at {fault['nodes'][0]['target']}: {fault['help']}" for fault in found
    )
    assert page.locator("h1").count() == 1, what
    english = f"{page.url}/".partition("://")[2].partition("/")[2].startswith("en/")
    assert page.locator("html").get_attribute("dir") == ("ltr" if english else "rtl"), what
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    assert measure_overflow(page) <= 0, f"{what} runs over the edge at 320 px: {describe_overflow(page)}"
    page.set_viewport_size({"width": 640, "height": 900})
    page.evaluate("document.documentElement.style.zoom = 2")
    assert measure_overflow(page) <= 0, f"{what} runs over the edge at 200%: {describe_overflow(page)}"
    page.evaluate("document.documentElement.style.zoom = ''")
    assert size
    page.set_viewport_size(size)


def measure_overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def describe_overflow(page: Page) -> str:
    """What reaches furthest over the edge, for whoever mends it."""
    return str(
        page.evaluate(
            """[...document.body.querySelectorAll("*")]
              .map((one) => [one.getBoundingClientRect(), one])
              .filter(([box]) => box.left < 0 || box.right > innerWidth)
              .map(([, one]) => one.outerHTML.slice(0, 80)).slice(-3).join(" | ")"""
        )
    )
