"""A conversation with the assistant and then an officer, by keyboard on both sides."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE_SIZE, OpenPage, Site
from tests.e2e.page_steps import press_key, sign_in, tab_to

pytestmark = pytest.mark.e2e


def test_conversation_is_held_by_keyboard(site: Site, visit: OpenPage) -> None:
    person, desk = visit(size=PHONE_SIZE), visit()
    person.goto("/chat")
    box = person.locator("#text")
    tab_to(person, box)
    person.keyboard.type("موظف")
    person.keyboard.press("Enter")
    expect(person.locator("#talk")).to_contain_text("سيقرأ موظف هذه المحادثة")
    expect(box).to_be_focused()
    wipe = person.locator(".talk-head button")
    tab_to(person, wipe, back=True)

    sign_in(desk, "agent")
    desk.goto("/desk/talks")
    tab_to(desk, desk.locator(".news__line a"))
    press_key(desk)
    tab_to(desk, desk.locator("[name=take]"))
    press_key(desk)
    answer = desk.locator("[name=text]")
    expect(answer).to_be_focused()
    press_key(desk, "Control+Enter")
    expect(desk.locator(".error-summary")).to_be_focused()
    tab_to(desk, answer)
    desk.keyboard.type("أنا معك")
    press_key(desk, "Control+Enter")
    expect(answer).to_be_focused()

    expect(person.locator("#talk li").last).to_contain_text("أنا معك")  # appears by itself
    expect(wipe).to_be_focused()
    tab_to(person, box)
    person.context.set_offline(True)
    person.keyboard.type("شكرًا")
    person.keyboard.press("Enter")
    expect(person.locator("[data-problem]")).to_be_visible()
    expect(box).to_be_focused()

    tab_to(desk, desk.locator("[name=back]"))
    press_key(desk)
    expect(desk.locator(".notices")).to_contain_text("عادت المحادثة إلى المساعد الآلي")
