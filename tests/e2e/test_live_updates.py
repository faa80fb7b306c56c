"""Live updates from the commit to an open page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from bekhedmetkom.kernel.clock import now
from bekhedmetkom.live.commands import publish_change
from bekhedmetkom.live.rules import Topic
from tests.e2e.conftest import OpenPage, Site
from tests.e2e.page_steps import sign_in
from tests.interfaces.live.conftest import LiveServer, run_subscriber

pytestmark = pytest.mark.e2e


@pytest.fixture
def process(settings: Settings, tmp_path: Path) -> LiveServer:
    """The live process's address, chosen first because the site's policy names it."""
    server = LiveServer(tmp_path)
    settings.LIVE_URL = f"http://localhost:{server.port}"
    return server


@pytest.fixture
def live(process: LiveServer, site: Site, settings: Settings) -> Iterator[LiveServer]:
    settings.PUBLIC_URL = site.address
    process.start()
    yield process
    process.stop()


def test_open_page_shows_live_updates(live: LiveServer, site: Site, visit: OpenPage) -> None:
    faults: list[str] = []
    page = visit()
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    sign_in(page, "head")
    page.goto("/en/dashboard")
    listens = page.locator("html[data-live=stream]")
    expect(listens).to_be_attached()
    with page.expect_request("**/dashboard/now**"):
        site.jordan.create_case(at=now(), governorate=site.jordan.governorates["GOV-ZA"])
        run_subscriber()
        first = page.locator("[data-on=feed] > li").first
        expect(first).to_contain_text("A complaint came")
        expect(first).to_contain_text("Zarqa")
        publish_change(Topic.INDICATORS)
    with page.expect_response("**/desk/counts**"):  # which tells from when updates count
        page.goto("/en/desk?queue=entity")
    expect(listens).to_be_attached()
    site.jordan.create_case(at=now())
    run_subscriber()
    expect(page.locator("[data-came]")).to_contain_text("1 new case")
    assert faults == []
    live.stop()
    expect(page.locator("html[data-live=asking]")).to_be_attached()
