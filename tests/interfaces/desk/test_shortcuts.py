"""The desk by keyboard, in a real browser: keys press what is on the page, whatever letters they carry."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, expect

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import SubmissionResult
from bekhedmetkom.catalogue.models import ResponseTemplate
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.kernel import clock
from tests.personas import DAY, Jordan

pytestmark = pytest.mark.e2e


@dataclass
class DeskInBrowser:
    """A main officer's browser on a desk with two cases, the older one first."""

    page: Page
    jordan: Jordan
    older: SubmissionResult
    newer: SubmissionResult


@pytest.fixture
def now() -> None:
    """The real clock: the server looks at it too."""


@pytest.fixture
def room(committed_jordan: Jordan, chromium: Browser) -> Iterator[DeskInBrowser]:
    jordan = committed_jordan
    older, newer = jordan.submit(at=clock.now() - 2 * DAY), jordan.submit(at=clock.now())
    session = Client()
    session.force_login(Officer.objects.get(pk=jordan.main.id))
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.start()
    server.is_ready.wait(20)
    assert server.error is None
    address = f"http://localhost:{server.port}"
    context = chromium.new_context(base_url=address)
    context.add_cookies([{"name": "session", "value": session.cookies["session"].value, "url": address}])
    page = context.new_page()
    yield DeskInBrowser(page, jordan, older, newer)
    context.close()
    server.terminate()
    connections.close_all()


def test_down_the_list_into_a_case_to_its_neighbour_and_back(room: DeskInBrowser) -> None:
    page = room.page
    page.goto("/desk?queue=entity")
    page.keyboard.press("j")
    expect(page.locator(".is-cursor")).to_contain_text(room.older.reference)
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{room.older.reference}*")
    page.keyboard.press("j")
    page.wait_for_url(f"**/cases/{room.newer.reference}*")
    page.keyboard.press("Escape")
    page.wait_for_url("**/desk?queue=entity")


def test_a_case_is_given_to_a_unit_without_the_mouse(room: DeskInBrowser) -> None:
    page = room.page
    page.goto("/desk?queue=entity")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_url(f"**/cases/{room.older.reference}/assign")
    expect(page.locator("select[name=to]")).to_be_focused()
    page.locator("select[name=to]").select_option(f"unit:{room.jordan.roads}")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notices")).to_contain_text("سُجّل التكليف")


def test_slash_searches_and_a_question_mark_lists_the_keys(room: DeskInBrowser) -> None:
    page = room.page
    page.goto("/desk")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.insert_text(room.newer.reference)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{room.newer.reference}")


def test_letters_in_a_field_are_letters(room: DeskInBrowser) -> None:
    page = room.page
    page.goto(f"/desk/cases/{room.newer.reference}")
    page.locator("#note").press_sequentially("jkar/?")
    expect(page.locator("#note")).to_have_value("jkar/?")
    assert page.url.endswith(room.newer.reference)


def test_a_template_fills_the_reply_at_once(room: DeskInBrowser) -> None:
    template = ResponseTemplate.objects.create(
        kind="complaint",
        disposition="upheld",
        name_ar="تم الإصلاح",
        body_ar="أصلحنا {ما أُصلح}.",
        body_en="Fixed.",
    )
    commands.assign_case(
        case=room.newer.case, seen=1, unit=room.jordan.roads, actor=room.jordan.main, at=clock.now()
    )
    page = room.page
    page.goto(f"/desk/cases/{room.newer.reference}")
    page.keyboard.press("r")
    page.keyboard.insert_text("شكرًا لك.")
    page.locator("select[name=template]").select_option(str(template.pk))
    expect(page.locator("textarea[name=text]")).to_have_value("شكرًا لك.\n\nأصلحنا {ما أُصلح}.")
    expect(page.locator("select[name=disposition]")).to_have_value("upheld")
    expect(page.locator("[data-without-script]")).to_have_count(0)
