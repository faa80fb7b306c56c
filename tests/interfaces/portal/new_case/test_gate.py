"""What stands before a case is written: the safe way for who fears harm or tells of corruption, 911 for danger."""

from django.conf import settings

from bekhedmetkom.cases.models import Case
from bekhedmetkom.catalogue.models import Service
from tests.personas import Jordan

from ..browser import Browser
from .form_steps import BRIBE_TEXT, go_to_destination

LIVE_WIRE = "سلك كهرباء مكشوف وقع في الشارع والأطفال يلعبون بجانبه الآن"


def test_a_violation_is_asked_first_whether_it_is_safe_to_write(jordan: Jordan, browser: Browser) -> None:
    browser.open("/new").send(kind="violation")
    assert browser.title == "هل في الأمر فساد، أو تخاف أن تتأذى؟"
    assert browser.send().errors == ["اختر نعم أو لا"]
    assert browser.send(fear="no").title == "ما المخالفة؟"


def test_whoever_fears_harm_is_led_to_the_safe_way(jordan: Jordan, browser: Browser) -> None:
    browser.open("/new?kind=violation").send(fear="yes")
    assert browser.path == "/confidential"
    assert not browser.page.select("main form")


def test_corruption_meets_the_gate_before_anything_is_kept(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser, text=BRIBE_TEXT)
    assert browser.title.startswith("قبل أن تكمل")
    assert "no-store" in browser.answer["Cache-Control"]
    assert browser.hidden["text"] == BRIBE_TEXT
    assert "gate" not in browser.hidden
    assert not browser.page.select("[data-draft=keep]")


def test_the_gate_can_be_passed_once_and_deliberately(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser, text=BRIBE_TEXT).send("declined")
    assert browser.title == "إلى أي جهة؟"
    assert browser.hidden["gate"] == "declined"
    browser.send(to="GAM/-").send().send(contact="none")
    assert browser.title == "راجع طلبك قبل الإرسال"


def test_the_gate_speaks_both_languages(jordan: Jordan, browser: Browser) -> None:
    browser = go_to_destination(browser, text=BRIBE_TEXT).send("English")
    assert browser.title.startswith("Before you go on")
    assert browser.hidden["text"] == BRIBE_TEXT


def test_an_address_meets_the_gate_too(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser).send(to="GAM/-").send(address=BRIBE_TEXT)
    assert browser.title.startswith("قبل أن تكمل")


def test_a_sealed_topic_meets_the_gate(jordan: Jordan, browser: Browser) -> None:
    topic = Service.objects.filter(handling="sealed_iacc").first()
    assert topic
    go_to_destination(browser).send(to=f"{topic.entity.code}/{topic.code}")
    assert browser.title.startswith("قبل أن تكمل")
    assert Case.objects.count() == 0


def test_danger_to_life_names_911_first_and_still_goes_on(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser, text=LIVE_WIRE)
    assert browser.title == "إلى أي جهة؟"
    assert browser.page.select('main a[href="tel:911"]')


def test_the_gate_leads_to_the_box_and_carries_the_text_there_from_the_browser(
    jordan: Jordan, browser: Browser
) -> None:
    go_to_destination(browser, text=BRIBE_TEXT)
    carrying = browser.page.select_one("form[action^='http']")
    assert carrying
    assert carrying["action"] == f"{settings.BOX_URL}/carried"
    assert [field["value"] for field in carrying.select("input")] == [
        BRIBE_TEXT
    ]  # no token, nothing else of ours
    assert browser.page.select_one(f"a.btn[href='{settings.BOX_URL}/']")
    assert settings.BOX_URL in browser.answer["Content-Security-Policy"]
