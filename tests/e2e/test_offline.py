"""Cases written offline: stored on the device, sent by themselves, and deleted afterwards."""

from collections.abc import Callable
from contextlib import suppress
from time import monotonic

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Route, expect

from bekhedmetkom.cases.models import Case, CaseText
from tests.e2e.conftest import open_page
from tests.e2e.page_steps import TEXTS, answer_question

pytestmark = pytest.mark.e2e

# An unchanged entry is not redrawn: it may be under a finger.
READ_STORAGE = """async () => {
  const card = document.querySelector("#outbox > *");
  new BroadcastChannel("outbox").postMessage("");
  for (let turn = 0; turn < 20; turn++) await outbox.all();
  return card.isConnected;
}"""


def write_case(page: Page, text: str, *, phone: str = "0791234567") -> None:
    page.locator("[name=kind][value=complaint]").check(force=True)
    page.locator("[name=text]").fill(text)
    page.locator("[name=contact][value=given]").check()
    page.locator("[name=phone]").fill(phone)
    page.locator("#offline .btn--lg").click()
    page.wait_for_url("**/new/waiting")


def read_outbox(page: Page) -> str:
    """Return the content of the device's outbox."""
    return str(page.evaluate("outbox.all().then(JSON.stringify)"))


def list_cached_urls(page: Page) -> list[str]:
    """Return the URLs in the worker's cache."""
    found: list[str] = page.evaluate(
        "caches.keys().then(async (names) => (await Promise.all(names.map(async (name) =>"
        " (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat())"
    )
    return found


def test_case_written_offline_is_sent_when_the_network_returns(telephone: BrowserContext) -> None:
    """The first responses are lost after submission; there is still only one case.

    The device caches only pages that are the same for everyone.
    """
    telephone.set_offline(True)
    page = _open_page_offline(telephone, "/new")
    write_case(page, TEXTS["complaint"])
    expect(page.locator(".tag")).to_have_text("ينتظر الإرسال")
    assert TEXTS["complaint"] in read_outbox(page)
    page.locator("[data-act=send]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#still")).to_contain_text("لا نصل إلى الشبكة")
    assert page.evaluate("document.activeElement.closest('#outbox') !== null")  # focus stays with the case
    for tab in telephone.pages:
        tab.close()
    assert Case.objects.count() == 0

    lost = drop_responses(telephone, "**/new/send", 9)
    with telephone.expect_event("requestfailed", lambda request: request.url.endswith("/new/send")):
        telephone.set_offline(False)
        page = open_page(telephone, "/new/waiting")
    expect(page.locator(".tag")).to_have_text("ينتظر الإرسال")
    page.close()
    assert (lost() > 0, Case.objects.count()) == (True, 1)
    telephone.unroute("**/new/send")
    pages = [
        open_page(telephone, "/new/waiting"),
        open_page(telephone, "/"),
        open_page(telephone, "/new/waiting"),
    ]
    expect(pages[0].locator(".receipt")).to_be_visible()

    case = Case.objects.get()
    assert (case.channel, case.kind) == ("portal", "complaint")
    assert CaseText.objects.get(case=case, field="text").body == TEXTS["complaint"]
    assert case.reference in pages[0].locator(".receipt").inner_text()
    assert TEXTS["complaint"] not in read_outbox(pages[0])
    assert "791234567" not in read_outbox(pages[0])

    code = pages[0].locator("[data-fill=code]").inner_text()
    pages[0].locator("[data-track]").click()
    pages[0].locator("main [name=code]").fill(code)
    pages[0].locator("main form .btn").first.click()
    pages[0].wait_for_url(f"**/c/{case.reference}")
    assert sorted(path for path in list_cached_urls(pages[0]) if not path.startswith("/static/")) == sorted(
        f"{prefix}{path}" for prefix in ("", "/en") for path in ("/offline", "/new/offline", "/new/waiting")
    )
    telephone.set_offline(True)
    pages[0].reload()
    expect(pages[0].locator("h1")).to_have_text("لا شبكة الآن")


def test_outbox_shows_that_the_network_is_missing(telephone: BrowserContext) -> None:
    telephone.set_offline(True)
    page = _open_page_offline(telephone, "/new")
    write_case(page, TEXTS["complaint"])
    page.locator("[data-act=send]").click()
    expect(page.locator("#still")).to_contain_text("لا نصل إلى الشبكة")
    telephone.set_offline(False)
    expect(page.locator(".receipt")).to_be_visible()
    expect(page.locator("#still")).to_be_empty()


def test_failed_first_attempt_is_repeated(
    telephone: BrowserContext,
) -> None:
    telephone.set_offline(True)
    page = _open_page_offline(telephone, "/new")
    write_case(page, TEXTS["complaint"])
    page.locator("[data-act=send]").click()
    expect(page.locator("#still")).to_contain_text("لا نصل إلى الشبكة")
    tried: list[float] = []

    def not_yet(route: Route) -> None:
        tried.append(monotonic())
        route.abort() if tried[-1] < tried[0] + 2 else route.fallback()

    telephone.route("**/new/send", not_yet)
    telephone.set_offline(False)
    expect(page.locator(".receipt")).to_be_visible()
    assert (len(tried) > 1, Case.objects.count()) == (True, 1)


def _open_page_offline(context: BrowserContext, path: str) -> Page:
    page = context.new_page()
    page.goto(path)
    return page


def go_to_check(telephone: BrowserContext) -> Page:
    page = open_page(telephone, "/new")
    while page.locator("#answers input[name=step]").get_attribute("value") != "check":
        answer_question(page, "complaint", TEXTS["complaint"], {"phone": "0791234567"})
    return page


def drop_responses(telephone: BrowserContext, pattern: str, times: int = 1) -> Callable[[], int]:
    """Drop responses of these requests; return the list of their URLs."""
    lost: list[str] = []

    def go(route: Route) -> None:
        if len(lost) < times and route.request.method == "POST":
            lost.append(route.request.url)  # before the request: two may be in flight
            route.fetch(max_redirects=0)
            with suppress(Error):  # its page was closed, so nobody waits for the response
                route.abort()
        else:
            route.fallback()

    telephone.route(pattern, go)
    return lambda: len(lost)


def test_lost_response_makes_no_second_case(telephone: BrowserContext) -> None:
    page = go_to_check(telephone)
    lost = drop_responses(telephone, "**/new")
    lost_again = drop_responses(telephone, "**/new/send")
    page.locator("#answers .btn--lg").click()
    page.wait_for_url("**/new/waiting")
    expect(page.locator(".tag")).to_have_text("ينتظر الإرسال")
    page.reload()
    expect(page.locator(".receipt")).to_be_visible()
    assert (lost(), lost_again()) == (1, 1)
    assert Case.objects.count() == 1


def test_refused_case_is_corrected_or_deleted(telephone: BrowserContext) -> None:
    page = open_page(telephone, "/new")
    answer_question(page, "complaint", "", {})
    telephone.set_offline(True)
    page.locator("textarea[name=text]").fill(TEXTS["complaint"])
    page.locator("#answers .btn--lg").click()
    page.wait_for_url("**/new/offline")
    expect(page.locator("[name=text]")).to_have_value(TEXTS["complaint"])
    expect(page.locator("[name=kind][value=complaint]")).to_be_checked()
    assert read_outbox(page) == "[]"  # nothing before the person confirms
    write_case(page, TEXTS["complaint"], phone="12")
    telephone.set_offline(False)
    page.reload()
    expect(page.locator(".tag")).to_have_text("لم يُرسل")
    assert page.evaluate(READ_STORAGE)
    assert Case.objects.count() == 0
    page.locator("[data-mend]").click()
    page.locator("[name=phone]").fill("0791234567")
    page.locator("#answers .btn--lg").click()
    page.locator("#answers .btn--lg").click()
    expect(page.locator(".receipt")).to_be_visible()
    assert Case.objects.count() == 1
    page.goto("/new/waiting")
    expect(page.locator("#empty")).to_be_visible()

    telephone.set_offline(True)
    page.goto("/new/offline")
    write_case(page, "طلب مني الموظف رشوة 50 دينارًا ليمشي المعاملة")
    telephone.set_offline(False)
    page.reload()
    expect(page.locator("[data-link=box]")).to_be_visible()
    page.locator("[data-act=drop]").click()
    expect(page.locator("#empty")).to_be_visible()
    assert read_outbox(page) == "[]"
    assert Case.objects.count() == 1
