"""A case with location and photo from a phone."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import find_desk_case
from bekhedmetkom.kernel.clock import now
from tests.commands.attachments.sample_files import jpeg
from tests.e2e.conftest import PHONE_SIZE, Site
from tests.e2e.page_steps import TEXTS, answer_question
from tests.page_checks import check_page

pytestmark = pytest.mark.e2e


def go_to_place_step(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/new")
    answer_question(page, "complaint", "", {})
    page.locator("#id_uploads_camera").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    page.locator(".file .ok").wait_for()
    while not page.locator("[name=governorate]").count():
        answer_question(page, "complaint", TEXTS["complaint"], {})
    return page


def test_photo_and_location_are_sent_with_the_case(chromium: Browser, site: Site) -> None:
    with chromium.new_context(
        base_url=site.address, service_workers="block", viewport={"width": PHONE_SIZE[0], "height": PHONE_SIZE[1]},
        has_touch=True, is_mobile=True, geolocation={"latitude": 32.5556, "longitude": 35.85, "accuracy": 9000},
    ) as context:  # fmt: skip
        page = go_to_place_step(context)
        here, governorate = page.locator("#here"), page.locator("[name=governorate]")
        here.locator("[data-find]").click()
        expect(here.locator("[data-said]")).to_contain_text("لم يسمح المتصفح")
        context.grant_permissions(["geolocation"])
        here.locator("[data-find]").click()
        expect(here.locator("[data-seems]")).to_have_text("يبدو أنك في محافظة إربد.")
        assert (governorate.input_value(), page.locator("[name=lat]").input_value()) == ("", "")
        context.set_geolocation({"latitude": 31.9539, "longitude": 35.9106, "accuracy": 12})
        here.locator("[data-find]").click()
        expect(here.locator("[data-said]")).to_have_text("أُضيف مكانك، ويراه من يعالج طلبك.")
        check_page(page, "a place that the device has found")
        here.locator("[data-yes]").click()
        assert governorate.input_value() == "GOV-AM"
        here.locator("[data-drop]").click()
        expect(here.locator("[data-find]")).to_be_focused()  # the button that had focus is gone
        here.locator("[data-find]").click()
        expect(here.locator("[data-said]")).to_have_text("أُضيف مكانك، ويراه من يعالج طلبك.")
        page.locator("#answers .btn--lg").click()
        for _question in range(3):
            answer_question(page, "complaint", TEXTS["complaint"], {})
            if page.locator(".receipt").count():
                break
        case = Case.objects.select_related("particulars", "governorate").get()
        assert (case.particulars.lat, case.particulars.lng) == ("31.95390", "35.91060")
        assert case.attachments.count() == 1
        seen = find_desk_case(site.jordan.main, case.reference, now())
        assert seen and seen.point == "31.95390, 35.91060"
