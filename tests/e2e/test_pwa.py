"""The installed app: updates and shared content."""

from base64 import b64encode

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bekhedmetkom.cases.models import Case
from bekhedmetkom.interfaces.portal.pwa import offline
from tests.commands.attachments.sample_files import png
from tests.e2e.conftest import open_page
from tests.e2e.page_steps import TEXTS

pytestmark = pytest.mark.e2e

# Like a phone's share menu: a form that no page of ours has.
SHARE_SCRIPT = """({ text, photo }) => {
  const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], "photo.png", { type: "image/png" }));
  const form = Object.assign(document.createElement("form"), { method: "post", action: "/new/shared" });
  form.enctype = "multipart/form-data";
  const field = (name, type) => form.appendChild(Object.assign(document.createElement("input"), { name, type }));
  field("text", "text").value = text;
  field("file", "file").files = files.files;
  document.body.append(form);
  form.submit();
}"""


def test_new_version_is_not_offered_inside_a_form(
    telephone: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, writing = open_page(telephone, "/"), open_page(telephone, "/new")
    notice = page.locator("#renew")
    expect(notice).to_be_hidden()
    later = offline.build_service_worker().replace('CACHE = "', 'CACHE = "later-')
    monkeypatch.setattr(offline, "build_service_worker", lambda: later)
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    expect(notice).to_be_visible()
    expect(writing.locator("#renew")).to_be_hidden()
    writing.locator("[name=kind][value=praise]").check()
    with page.expect_navigation():
        notice.locator("button").click()
    expect(notice).to_be_hidden()
    names: list[str] = page.evaluate("caches.keys()")
    assert [name.partition("bekhedmetkom")[0] for name in names] == ["later-"]  # the former cache is deleted
    assert writing.locator("[name=kind][value=praise]").is_checked()


def share_content(page: Page) -> None:
    with page.expect_navigation():
        page.evaluate(SHARE_SCRIPT, {"text": TEXTS["complaint"], "photo": b64encode(png()).decode()})


def test_shared_photo_starts_a_case_online_and_offline(telephone: BrowserContext) -> None:
    page = open_page(telephone, "/help")
    share_content(page)
    expect(page.locator("h1")).to_have_text("ماذا تريد أن ترسل؟")
    assert page.locator("#answers [name=text]").input_value() == TEXTS["complaint"]
    assert len(page.locator("#answers [name=uploads]").input_value().split()) == 1

    page = open_page(telephone, "/help")
    telephone.set_offline(True)
    share_content(page)
    expect(page.locator("[name=text]")).to_have_value(TEXTS["complaint"])
    expect(page.locator("#files .file__name")).to_have_text("photo.png")
    page.locator("[name=kind][value=complaint]").check(force=True)
    page.locator("[name=contact][value=none]").check()
    page.locator("#offline .btn--lg").click()
    page.wait_for_url("**/new/waiting")
    telephone.set_offline(False)
    page.reload()
    expect(page.locator(".receipt")).to_be_visible()
    assert Case.objects.get().attachments.count() == 1
