"""Steps through the pages, found by their markup so that they work in both languages."""

from playwright.sync_api import Locator, Page

from tests.officer_factories import PASSWORD

TEXTS = {
    "complaint": "في حفرة كبيرة بنص الشارع جنب المدرسة من أسبوعين وبتخرب السيارات",
    "question": "ما الأوراق المطلوبة لتجديد رخصة المهن؟",
    "suggestion": "أقترح وضع مظلات في مواقف الباصات",
    "praise": "شكرًا لموظف النظافة في شارعنا على تعبه كل صباح",
    "violation": "مطعم يعمل بلا رخصة في شارع الجامعة",
}


def send_case(
    page: Page, kind: str = "complaint", *, prefix: str = "", text: str = "", **contact: str
) -> tuple[str, str]:
    """Submit a case about GAM; return its reference and access code."""
    page.goto(f"{prefix}/new")
    for _question in range(12):
        answer_question(page, kind, text or TEXTS[kind], contact)
        if page.locator(".receipt").count():
            reference, code = (line.inner_text() for line in page.locator(".receipt dd").all())
            return reference, code
    raise AssertionError(f"never arrived: {page.url}\n{page.locator('main').inner_text()}")


def answer_question(page: Page, kind: str, text: str, contact: dict[str, str]) -> None:
    """Answer the page's question and continue."""
    step = page.locator("#answers input[name=step]").get_attribute("value")
    go = page.locator("#answers .btn--lg")
    match step:
        case "kind":
            page.locator(f"input[name=kind][value={kind}]").check()
        case "fear":
            page.locator("input[name=fear][value=no]").check()
        case "describe":
            page.locator("textarea[name=text]").fill(text)
        case "destination":
            choose_gam(page)
        case "topic":
            page.locator("input[name=to]").first.check()
        case "place":
            page.locator("select[name=governorate]").select_option(index=1)
            page.locator("[name=address]").fill("شارع الجامعة")
        case "contact":
            if page.locator("input[type=radio][name=contact]").count():
                page.locator(f"input[name=contact][value={'given' if contact else 'none'}]").check()
            for name, value in contact.items():
                page.locator(f"[name={name}]").fill(value)
        case "check":
            pass
        case _:
            raise AssertionError(f"an unknown question: {step} at {page.url}")
    if page.locator("body.kiosk").count():  # the kiosk's script replaces the page
        go.click()
        return
    with page.expect_navigation():
        go.click()


def choose_gam(page: Page) -> None:
    page.locator("[name=find]").fill("أمانة عمان الكبرى")
    with page.expect_navigation():
        page.locator("button[name=go][value=find]").click()
    page.locator("input[name=to][value^=GAM]").first.check()


def track(page: Page, reference: str, code: str, *, prefix: str = "") -> None:
    page.goto(f"{prefix}/track")
    page.locator("main [name=reference]").fill(reference)
    page.locator("main [name=code]").fill(code)
    page.locator("main form .btn").first.click()
    page.wait_for_url(f"**/c/{reference}")


def sign_in(page: Page, persona: str, *, prefix: str = "") -> None:
    page.goto(f"{prefix}/sign-in")
    page.locator("[name=login]").fill(f"{persona}@example.jo")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:not([data-passkey]) button[type=submit]").first.click()
    page.wait_for_url(lambda address: "sign-in" not in address)


def submit_verb(page: Page, reference: str, verb: str, *, prefix: str = "", **fields: str) -> None:
    """Submit one form of the case page."""
    page.goto(f"{prefix}/desk/cases/{reference}/{verb}")
    form = page.locator("form:has([data-main])").last
    for name, value in fields.items():
        field = form.locator(f"[name={name}]").first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    with page.expect_navigation():  # a script submits the form and then the page changes
        form.locator("[data-main]").click()


def tab_to(page: Page, place: Locator, *, back: bool = False) -> None:
    """Press Tab until the element has focus."""
    for _stop in range(60):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if place.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {place}")


def press_key(page: Page, key: str = "Enter") -> None:
    """Press a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)
