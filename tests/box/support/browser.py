"""Chromium for the box's tests, and an empty page with only the box's crypto modules and content security
policy.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.page_checks import set_expect_timeout
from tools.chromium import find_chromium

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "bekhedmetkom" / "interfaces" / "box" / "static" / "box"
POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
MODULES = ("receipt", "frame", "manifest", "encryption")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser per process.

    Playwright runs an event loop in this thread, so Django must be told to allow queries.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    set_expect_timeout()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def modules(chromium: Browser) -> Iterator[Page]:
    """An empty page on which `call_modules` can call the crypto modules."""
    with open_module_page(chromium) as page:
        yield page


@contextmanager
def open_module_page(
    chromium: Browser, module: str = "", original: str = "", replacement: str = ""
) -> Iterator[Page]:
    """Open such a page, with `original` in one module's source replaced by `replacement`."""

    def served(route: Route) -> None:
        path = urlsplit(route.request.url).path.lstrip("/")
        if not path:
            route.fulfill(
                body="<!doctype html><title>box</title>", headers={"Content-Security-Policy": POLICY}
            )
            return
        text = (STATIC / path).read_text("utf-8")
        if path == module:
            assert original in text
            text = text.replace(original, replacement)
        route.fulfill(body=text, content_type="text/javascript")

    page = chromium.new_page()
    page.route("**/*", served)
    page.goto("https://box.test/")
    yield page
    page.close()


def call_modules(page: Page, script: str, **values: Any) -> Any:
    """Run JavaScript that can use the crypto modules and `values` by name, and return its result."""
    names = ", ".join(values)
    imports = "".join(
        f"const {name} = await import('https://box.test/crypto/{name}.js');" for name in MODULES
    )
    return page.evaluate(f"async ({{ {names} }}) => {{ {imports} {script} }}", values)
