"""The officers' door in a real browser: axe finds nothing, a passkey opens it, the rest needs no script."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, ViewportSize

from bekhedmetkom.identity import commands
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import CLOCK
from tests.officer_factories import PASSWORD, create_body, create_officer
from tests.page_checks import list_axe_violations

from .conftest import SINCE
from .sign_in_requests import EMAIL

pytestmark = pytest.mark.e2e
WIDTHS: list[ViewportSize] = [{"width": 320, "height": 700}, {"width": 1280, "height": 900}]
A_FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Site(NamedTuple):
    address: str
    invitation: str


@pytest.fixture
def site(committed_db: str) -> Iterator[Site]:
    """The platform at an address of its own, with one officer who can sign in and one who is invited."""
    pm = create_body("PM")
    create_officer(Role.MAIN_OFFICER, pm, since=SINCE, email=EMAIL, password=PASSWORD)
    guest = create_officer(Role.APPROVER, pm, since=SINCE)
    link = commands.invite_officer(officer=guest.pk, actor=CLOCK, at=datetime.now(UTC))
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.start()
    server.is_ready.wait(20)
    assert server.error is None
    yield Site(f"http://localhost:{server.port}", link)
    server.terminate()
    connections.close_all()


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    context = chromium.new_context(base_url=site.address)
    page = context.new_page()
    yield page
    context.close()


def sign_in(page: Page, path: str = "/sign-in") -> None:
    page.goto(path)
    page.locator("[name=login]").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:not([data-passkey]) button[type=submit]").first.click()
    page.wait_for_url("**/desk")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(page: Page, site: Site, prefix: str) -> None:
    def look(path: str) -> None:
        page.goto(prefix + path)
        for size in WIDTHS:
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} at {size}"
        found = list_axe_violations(page)
        assert found == [], f"{path}: {[(each['id'], each['nodes'][0]['html']) for each in found]}"

    for path in ("/sign-in", f"/invitation/{site.invitation}", "/invitation/x"):
        look(path)
    sign_in(page, f"{prefix}/sign-in")
    for path in ("/account", "/account/app", "/account/password", "/account/passkeys/new", "/sign-in/again"):
        look(path)


def test_a_passkey_is_added_and_opens_the_door_alone(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": A_FINGER})
    sign_in(page)

    page.goto("/account/passkeys/new")
    page.locator("[data-passkey=create] button").click()
    page.wait_for_url("**/account/recovery-codes")
    page.goto("/account")
    page.locator("form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")

    page.locator("[data-passkey=get] button").click()
    page.wait_for_url("**/desk")

    page.goto("/account")
    page.locator("form[action='/sign-out'] button").click()
    page.locator("[name=login]").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:not([data-passkey]) button[type=submit]").first.click()
    page.wait_for_url("**/sign-in/code")
    page.locator("[data-passkey=get] button").click()
    page.wait_for_url("**/desk")


def test_who_turns_the_finger_away_is_told_what_else_works(page: Page) -> None:
    page.goto("/sign-in")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')) }")
    page.locator("[data-passkey=get] button").click()
    page.get_by_text("لم يكتمل الدخول بالمفتاح").wait_for()


def test_without_script_the_password_works_and_no_dead_button_is_shown(chromium: Browser, site: Site) -> None:
    page = chromium.new_context(base_url=site.address, java_script_enabled=False).new_page()
    page.goto("/sign-in")
    assert not page.locator("[data-passkey]").is_visible()
    sign_in(page)
