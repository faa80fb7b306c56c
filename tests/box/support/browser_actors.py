"""Actors of the tests in a real Chromium: disclosers and Commission members."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, FilePayload, Page, expect

from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.interfaces.box.tools.demo_commission import PASSPHRASE
from tests.box.support.browser import STATIC

TEXT = "في دائرة الأراضي يطلب موظف الشباك مبلغًا عن كل معاملة بيع."
IDENTITY_REASON = "نحتاج إلى شهادتها، ووافقت."
PHOTO: FilePayload = {
    "name": "صورة الوصل.jpg",
    "mimeType": "image/jpeg",
    "buffer": b"\xff\xd8\xff" + b"receipt canary" * 4000,
}
TABLE: FilePayload = {"name": "table.csv", "mimeType": "text/csv", "buffer": b"table canary,1\n" * 20_000}
CANARIES = [
    TEXT.encode(),
    b"receipt canary",
    b"table canary",
    "صورة الوصل".encode(),
    "هند".encode(),
    b"0790000000",
]


@pytest.fixture
def address(chromium: Browser, committed_box: Installation) -> Iterator[str]:
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.start()
    server.is_ready.wait(20)
    assert server.error is None
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()
    connections.close_all()


Opens = Callable[..., Page]
Variant = tuple[str, str, str]  # path of a module, text in it, replacement
SCRIPT = "text/javascript"
VENDORED = "vendor/age-0.3.1/crypto.js"
# Playwright does not see the content of forms with files: each page records what it sends.
RECORD_REQUESTS = """
const real = window.fetch;
window.left = [];
window.fetch = async (path, how = {}) => {
  if (how.body) {
    const bytes = new Uint8Array(await new Response(how.body).arrayBuffer());
    window.left.push([...bytes].map((byte) => String.fromCharCode(byte)).join(""));
  }
  return real(path, how);
};"""


@pytest.fixture
def opens(chromium: Browser, address: str) -> Iterator[Opens]:
    """Opens a page in a browser context of its own. Console errors and policy violations fail the test."""
    contexts = []
    faults: list[str] = []

    def visit(path: str = "/", variant: Variant | None = None, **how: Any) -> Page:
        context = chromium.new_context(accept_downloads=True, **how)
        if variant:
            context.route(
                f"**/{variant[0]}",
                lambda route: route.fulfill(body=build_broken_module(*variant), content_type=SCRIPT),
            )
        contexts.append(context)
        context.add_init_script(RECORD_REQUESTS)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda message: faults.append(message.text) if "Content Security" in message.text else None,
        )
        page.goto(address + path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert faults == []


def build_broken_module(module: str, original: str, replacement: str) -> str:
    """Return a module's source with one replacement."""
    text = (STATIC / module).read_text("utf-8")
    assert original in text
    return text.replace(original, replacement)


def read_sent_bytes(page: Page) -> bytes:
    """Return all request bodies that a page has sent."""
    bodies: list[str] = page.evaluate("window.left")
    return "".join(bodies).encode("latin-1")


def sign_in(page: Page, box: Installation, person: str) -> Page:
    """Unlock a Commission member's key."""
    page.set_input_files("#key-file", str(box.demo_key_folder / f"{person}.key.json"))
    page.fill("#passphrase", PASSPHRASE)
    page.click("form .btn")
    expect(page.locator("[data-signed-in]")).to_be_visible()
    return page


def submit_report(
    page: Page, text: str = TEXT, files: Any = (), name: str = "", phone: str = "", exclude: str = ""
) -> list[str]:
    """Submit a report and return its receipt."""
    expect(page.locator('[data-way="browser"]')).to_be_visible()
    page.fill("#id_text", text)
    page.set_input_files("#id_files", files)
    if name or phone:
        page.check("#id_yes")
        page.fill("#id_name", name)
        page.fill("#id_phone", phone)
    if exclude:
        page.locator("details.details > summary").click()
        page.check(f'[name="exclude"][value="{exclude}"]')
    page.click('[data-box="send"] .btn--lg')
    expect(page.locator("[data-words] li")).to_have_count(10)
    return page.locator("[data-words] li").all_inner_texts()


def log_in(page: Page, words: str | list[str]) -> Page:
    page.fill("#id_words", words if isinstance(words, str) else " ".join(words))
    page.click('[data-box="open"] button')
    return page


def open_first_report(page: Page) -> Page:
    page.click(".item:enabled >> nth=0")
    expect(page.locator("#report-h")).to_be_visible()
    return page


def set_status(page: Page, status: str, reason: str = "") -> None:
    page.select_option("#status", status)
    if reason:
        page.select_option("#reason", reason)
    page.click('[data-form="status"] button')
    expect(page.locator("[data-said]")).to_be_visible()


def download_file(page: Page, button: str) -> tuple[str, bytes]:
    """Download a file and return its name and content."""
    with page.expect_download() as coming:
        page.click(button)
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def send_message(officer: Page, text: str, files: Any = ()) -> None:
    """Send the Commission's first message."""
    officer.fill("#message", text)
    officer.set_input_files("#message-files", files)
    officer.click('[data-form="message"] .btn')
    expect(officer.locator(".turn--ours")).to_have_count(1)


def request_identity(officer: Page) -> None:
    officer.fill("#why", IDENTITY_REASON)
    officer.click('[data-form="identity"] button')
    expect(officer.locator("#why")).to_have_count(0)


def release_identity(custodian: Page) -> None:
    """Release the identity that a custodian has opened."""
    custodian.click("[data-release]")
    expect(custodian.locator(".request .tag")).to_contain_text("سُلّمت")
