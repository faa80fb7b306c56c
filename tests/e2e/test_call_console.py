"""The call console in a browser: accessibility, small screens, and its script."""

import pytest
from playwright.sync_api import expect

from bekhedmetkom.calls import commands as calls
from bekhedmetkom.calls.models import Call, CallBack
from bekhedmetkom.calls.rules.call_events import CallEvent, EventName
from bekhedmetkom.cases.commands import answer_case, confirm_contact
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.contact import ContactAddress, ContactType
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.kernel.clock import now
from tests.e2e.conftest import OpenPage, Site
from tests.e2e.page_steps import press_key, sign_in, tab_to
from tests.page_checks import check_page
from tests.personas import POTHOLE

pytestmark = pytest.mark.e2e
PHONE_NUMBER = "+962791234567"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_agent_registers_a_case_from_a_ringing_call(site: Site, visit: OpenPage, prefix: str) -> None:
    jordan, at = site.jordan, now()
    case = Case.objects.get(pk=jordan.submit(at=at).case)
    confirm_contact(
        case=case.pk,
        actor=jordan.get_citizen(case),
        at=at,
        known=ContactAddress(ContactType.PHONE, PHONE_NUMBER),
    )
    answer_case(
        case=case.pk,
        seen=2,
        text="أُصلحت الحفرة اليوم.",
        disposition=Disposition.UPHELD,
        actor=jordan.main,
        at=at,
    )
    CallBack.objects.create(case=case, seq=1, why="check", since=at, not_before=at)
    page = visit(size=(1440, 900))
    sign_in(page, "agent", prefix=prefix)
    page.goto(f"{prefix}/calls")
    check_page(page, "between two calls")
    calls.record_event(
        call_id="one", event=CallEvent(now(), EventName.NEW_CALL, PHONE_NUMBER, "in", ("21",), "national")
    )
    page.locator(".rings button").click()  # appears by itself
    page.wait_for_url(f"**{prefix}/calls/*")
    check_page(page, "a call")
    call = Call.objects.get()
    sent = calls.issue_call_code(call=call.pk, actor=jordan.agent, at=now())
    page.locator("[name=digits]").fill(sent.code)
    page.locator("[name=way][value=digits]").click()
    page.locator(".own .link-btn").click()
    page.wait_for_selector(".case-read")
    page.locator(".seg label").nth(1).click()
    with page.expect_response("**/draft"):
        page.locator("[name=text]").last.fill(POTHOLE)
    page.locator("[name=to]").select_option(index=1)
    page.wait_for_selector("[data-foreseen]:not(:empty)")
    assert page.locator("[data-script] li").count() > 3
    check_page(page, "a call with a case open and another written")
    page.locator("[data-main]").click()
    page.wait_for_selector(".spell")
    check_page(page, "read out")
    page.locator("[name=wrap]").select_option("registered")
    page.locator("form[action$='/wrap'] button").click()
    page.wait_for_url(f"**{prefix}/calls")
    page.locator(f"form[action$='{prefix}/calls/back'] button").click()
    page.wait_for_url("**/calls/back/*")
    check_page(page, "a call-back")


def ring_call(call_id: str, number: str = PHONE_NUMBER) -> None:
    calls.record_event(
        call_id=call_id, event=CallEvent(now(), EventName.NEW_CALL, number, "in", ("21",), "national")
    )


def test_call_is_handled_by_keyboard(site: Site, visit: OpenPage) -> None:
    taken = site.jordan.submit(at=now())
    page = visit(size=(1440, 900))
    sign_in(page, "agent")
    page.goto("/calls")
    ring_call("one")
    expect(page.locator("[data-told]")).to_have_text("هاتف يرن: 079 ••• ••67 national")
    expect(page).to_have_title("(1) مركز الاتصال – بخدمتكم")
    first = page.locator(".rings button").first
    tab_to(page, first)
    ring_call("two", "+962791230099")
    expect(page.locator(".rings button")).to_have_count(2)  # while the list has focus
    expect(first).to_be_focused()
    calls.record_event(
        call_id="one", event=CallEvent(now(), EventName.HANGUP, PHONE_NUMBER, "in", ("21",), "national")
    )
    expect(page.locator(".rings button")).to_have_count(1)
    expect(page.locator("#rings-h")).to_be_focused()
    tab_to(page, first)
    press_key(page)

    calls.record_event(
        call_id="two", event=CallEvent(now(), EventName.HANGUP, PHONE_NUMBER, "in", ("21",), "national")
    )
    expect(page.locator("h1")).to_contain_text("انتهى الخط")  # changes by itself and is announced
    expect(page.locator("[data-ended]")).to_contain_text("انتهى الخط")

    prove = page.locator("#prove-reference")
    tab_to(page, prove)
    page.keyboard.type(taken.reference)
    page.keyboard.press("Tab")
    page.keyboard.type("00000-00000")
    press_key(page)
    expect(page.locator(".error-summary")).to_be_focused()
    tab_to(page, page.locator("#prove-code"))
    page.keyboard.press("Control+a")
    page.keyboard.type(taken.access_code)
    press_key(page)
    expect(page.locator(f"#read-{taken.reference}")).to_be_focused()

    page.keyboard.press("4")
    expect(page.locator("[name=kind][value=complaint]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type(POTHOLE)
    tab_to(page, page.locator("[name=way][value=send]"), back=True)
    press_key(page)  # before the pause after which the draft is saved
    expect(page.locator("#digits-digits")).to_be_focused()
    expect(page.locator("#text")).to_have_value(POTHOLE)
    page.keyboard.type("1")
    press_key(page)
    expect(page.locator(".error-summary")).to_be_focused()
    tab_to(page, page.locator("#text"))
    press_key(page, "Control+Enter")
    assert Case.objects.count() == 2
    ended = page.locator("[name=wrap]")
    expect(ended).to_have_value(
        "registered"
    )  # the code is on this page only, so no key may leave it by mistake
    tab_to(page, ended)
    tab_to(page, page.locator("form[action$='/wrap'] .btn:not(.btn--quiet)"))
    press_key(page)
    assert page.url.endswith("/calls")


def test_invalid_wrap_up_gets_keyboard_focus(site: Site, visit: OpenPage) -> None:
    page = visit(size=(1440, 900))
    sign_in(page, "agent")
    ring_call("one")
    page.goto("/calls")
    page.locator(".rings button").click()
    page.wait_for_url("**/calls/*")
    page.locator(".btn--end").click()
    expect(page.locator("#wrap")).to_be_focused()
