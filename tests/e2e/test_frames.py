"""The new-case form embedded in another site and on a kiosk, in a browser."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from bekhedmetkom.cases.models import Case
from tests.e2e.conftest import OpenPage, Site
from tests.e2e.page_steps import TEXTS, answer_question

pytestmark = pytest.mark.e2e


class EmbeddingSite(BaseHTTPRequestHandler):
    """Another site with our embed script."""

    ours = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        tag = f'<script src="{self.ours}/static/portal/embed.js" data-entity="GAM" data-language="en" async></script>'
        self.wfile.write(f"<!doctype html><h1>Body</h1>{tag}".encode())

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def theirs(site: Site) -> Iterator[str]:
    EmbeddingSite.ours = site.address
    with ThreadingHTTPServer(("127.0.0.1", 0), EmbeddingSite) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_button_on_an_external_site_opens_the_form(
    site: Site, visit: OpenPage, theirs: str, settings: Settings
) -> None:
    settings.EMBED_ORIGINS = [theirs]
    page = visit()
    page.goto(theirs)
    page.get_by_role("button", name="Write to us").click()
    frame = page.frame_locator("iframe")
    frame.locator("input[name=kind][value=question]").check()
    frame.locator("#answers .btn--lg").click()
    frame.locator("textarea[name=text]").press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    page.get_by_role("button", name="Write to us").click()
    frame.locator("textarea[name=text]").fill(TEXTS["question"])
    frame.locator("#answers .btn--lg").click()
    frame.locator("input[name=to]").last.check()
    frame.locator("#answers .btn--lg").click()
    frame.locator("input[name=contact][value=none]").check()
    frame.locator("#answers .btn--lg").click()
    frame.locator("#answers .btn--lg").click()
    expect(frame.locator(".receipt dd").first).to_be_visible()
    expect(frame.locator("[data-print]")).to_be_visible()  # although a frame may have no storage
    assert [(case.channel, case.entity_id) for case in Case.objects.all()] == [
        ("embed", site.jordan.entities["GAM"])
    ]
    settings.EMBED_ORIGINS = []
    page.reload()
    page.get_by_role("button", name="Write to us").click()
    expect(page.frame_locator("iframe").locator("#answers")).to_have_count(0)


# What a browser could keep: history, cookies, storage, caches and workers.
READ_BROWSER_STATE = """async () => [history.length, document.cookie, localStorage.length, sessionStorage.length,
  (await indexedDB.databases()).length, (await caches.keys()).length,
  document.querySelectorAll("script[src*='portal/pwa/app']").length]"""


def test_kiosk_forgets_the_previous_person(site: Site, visit: OpenPage) -> None:
    page = visit()
    page.clock.install()
    page.goto("/kiosk?entity=GAM")
    entries = page.evaluate("history.length")
    while (step := page.locator("#answers input[name=step]").get_attribute("value")) != "contact":
        answer_question(page, "complaint", TEXTS["complaint"], {})
        expect(page.locator(f"#answers input[name=step][value={step}]")).to_have_count(0)
    page.locator("[name=contact][value=given]").check()
    page.locator("[name=phone]").fill("0791234567")
    assert page.evaluate(READ_BROWSER_STATE) == [entries, "", 0, 0, 0, 0, 0]
    typed = page.locator("input:not([type=hidden], [type=radio], [type=checkbox]), textarea")
    assert {field.get_attribute("autocomplete") for field in typed.all()} == {"off"}
    page.clock.run_for(45_000)
    page.mouse.click(5, 5)
    page.clock.run_for(55_000)
    expect(page.locator("[data-still]")).to_be_visible()
    page.clock.run_for(6_000)
    expect(page.locator("#answers input[name=step][value=kind]")).to_have_count(1)
    page.go_back()
    assert TEXTS["complaint"] not in page.content()
    page.go_forward()
    assert "0791234567" not in page.content()
    assert page.locator("[name=phone]").count() == 0
    assert page.evaluate(READ_BROWSER_STATE)[1:] == ["", 0, 0, 0, 0, 0]
    assert page.context.storage_state() == {"cookies": [], "origins": []}


def test_idle_kiosk_shows_no_warning(site: Site, visit: OpenPage) -> None:
    page = visit()
    page.clock.install()
    page.goto("/kiosk?entity=GAM")
    page.clock.run_for(55_000)
    expect(page.locator("[data-still]")).to_be_hidden()


def test_network_failure_at_the_kiosk_loses_no_text(site: Site, visit: OpenPage) -> None:
    page = visit()
    page.goto("/kiosk?entity=GAM&kind=praise")
    page.locator("[name=text]").fill(TEXTS["praise"])
    page.context.set_offline(True)
    page.locator("#answers .btn--lg").click()
    expect(page.locator("[data-away]")).to_be_visible()
    assert page.locator("[name=text]").input_value() == TEXTS["praise"]
    page.context.set_offline(False)
    page.locator("#answers .btn--lg").click()
    expect(page.locator("#answers input[name=step][value=describe]")).to_have_count(0)


def test_kiosk_submits_a_case(site: Site, visit: OpenPage) -> None:
    page = visit()
    page.goto("/en/kiosk?entity=GAM")
    for _question in range(8):
        step = page.locator("#answers input[name=step]").get_attribute("value")
        answer_question(page, "praise", TEXTS["praise"], {"phone": "0791234567"})
        expect(page.locator(f"#answers input[name=step][value={step}]")).to_have_count(0)
        if page.locator(".receipt").count():
            break
    case = Case.objects.get()
    expect(page.locator(".receipt")).to_contain_text(case.reference)
    assert case.channel == "kiosk"
    page.get_by_role("link", name="I am done").click()
    expect(page.locator("#answers input[name=step][value=kind]")).to_have_count(1)
    assert case.reference not in page.content()
