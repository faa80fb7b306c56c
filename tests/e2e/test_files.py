"""Files in a browser: uploaded before the form, with progress, and attached to the case."""

from typing import Any

from playwright.sync_api import expect

from tests.commands.attachments.sample_files import docx, find_secrets, jpeg, ogg
from tests.e2e.conftest import OpenPage, Site
from tests.e2e.page_steps import TEXTS, answer_question, tab_to
from tests.page_checks import check_page


def build_file(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_files_are_uploaded_by_script_and_attached_to_the_case(site: Site, visit: OpenPage) -> None:
    page = visit()
    page.goto("/new")
    answer_question(page, "question", "", {})
    page.locator("input[type=file]").first.set_input_files([
        build_file("حفرة.jpg", jpeg()), build_file("شكوى.docx", docx()), build_file("رسالة.ogg", ogg()),
    ])  # fmt: skip
    page.locator(".file .ok").nth(1).wait_for()
    page.locator(".file .error-msg").wait_for()
    check_page(page, "files that are in, and one that is refused")
    page.locator(".file", has_text="شكوى.docx").locator("button").click()  # the refused file is removed
    assert page.locator(".file").count() == 2
    assert len(page.locator("input[name=uploads]").input_value().split()) == 2

    for _ in range(8):
        if page.locator(".receipt").count():
            break
        answer_question(page, "question", TEXTS["question"], {})
    page.locator("main form button.btn").first.click()

    links = page.locator(".files a")
    links.first.wait_for()
    assert {link.inner_text() for link in links.all()} == {"حفرة.jpg", "رسالة.ogg"}
    for link in links.all():
        got = page.request.get(f"{site.address}{link.get_attribute('href')}")
        assert got.status == 200
        assert find_secrets(got.body()) == []


def test_interrupted_upload_is_retried_by_keyboard(site: Site, visit: OpenPage) -> None:
    page = visit()
    page.goto("/new")
    answer_question(page, "question", "", {})
    page.route("**/api/v1/uploads", lambda route: route.abort(), times=1)
    files = page.locator("input[type=file]").first
    files.set_input_files(build_file("حفرة.jpg", jpeg()))
    tab_to(page, page.locator(".file button"))
    page.keyboard.press("Enter")
    page.locator(".file .ok").wait_for()
    expect(files).to_be_focused()  # the pressed button is gone
