"""The gate before a case: confidential reporting for corruption and fear of harm, 911 for danger."""

from django.conf import settings

from bekhedmetkom.cases.models import Case
from bekhedmetkom.catalogue.models import Service
from tests.personas import Jordan

from ..browser import Browser
from .form_steps import BRIBE_TEXT, go_to_destination

LIVE_WIRE = "سلك كهرباء مكشوف وقع في الشارع والأطفال يلعبون بجانبه الآن"


def test_violation_first_asks_about_fear_of_harm(jordan: Jordan, browser: Browser) -> None:
    browser.open("/new").send(kind="violation")
    assert browser.title == "هل في الأمر فساد، أو تخاف أن تتأذى؟"
    assert browser.send().errors == ["اختر نعم أو لا"]
    assert browser.send(fear="no").title == "ما المخالفة؟"


def test_fear_of_harm_leads_to_confidential_reporting(jordan: Jordan, browser: Browser) -> None:
    browser.open("/new?kind=violation").send(fear="yes")
    assert browser.path == "/confidential"
    assert not browser.page.select("main form")


def test_corruption_is_gated_before_anything_is_stored(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser, text=BRIBE_TEXT)
    assert browser.title.startswith("قبل أن تكمل")
    assert "no-store" in browser.answer["Cache-Control"]
    assert browser.hidden["text"] == BRIBE_TEXT
    assert "gate" not in browser.hidden
    assert not browser.page.select("[data-draft=keep]")


def test_gate_can_be_declined_deliberately(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser, text=BRIBE_TEXT).send("declined")
    assert browser.title == "إلى أي جهة؟"
    assert browser.hidden["gate"] == "declined"
    browser.send(to="GAM/-").send().send(contact="none")
    assert browser.title == "راجع طلبك قبل الإرسال"


def test_gate_works_in_both_languages(jordan: Jordan, browser: Browser) -> None:
    browser = go_to_destination(browser, text=BRIBE_TEXT).send("English")
    assert browser.title.startswith("Before you go on")
    assert browser.hidden["text"] == BRIBE_TEXT


def test_address_is_gated_too(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser).send(to="GAM/-").send(address=BRIBE_TEXT)
    assert browser.title.startswith("قبل أن تكمل")


def test_sealed_topic_is_gated(jordan: Jordan, browser: Browser) -> None:
    topic = Service.objects.filter(handling="sealed_iacc").first()
    assert topic
    go_to_destination(browser).send(to=f"{topic.entity.code}/{topic.code}")
    assert browser.title.startswith("قبل أن تكمل")
    assert Case.objects.count() == 0


def test_danger_to_life_shows_911_and_continues(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser, text=LIVE_WIRE)
    assert browser.title == "إلى أي جهة؟"
    assert browser.page.select('main a[href="tel:911"]')


def test_gate_posts_the_text_from_the_browser_to_the_box(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser, text=BRIBE_TEXT)
    carrying = browser.page.select_one("form[action^='http']")
    assert carrying
    assert carrying["action"] == f"{settings.BOX_URL}/carried"
    assert [field["value"] for field in carrying.select("input")] == [
        BRIBE_TEXT
    ]  # no token and no other field of ours
    assert browser.page.select_one(f"a.btn[href='{settings.BOX_URL}/']")
    assert settings.BOX_URL in browser.answer["Content-Security-Policy"]
