"""The new-case form embedded in another site and on a kiosk."""

from typing import Any

import pytest
from django.conf import settings as live_settings
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import Settings

from bekhedmetkom.cases.models import Case
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.entities.table_cache import refresh_versions
from tests.personas import POTHOLE, Jordan

from ..browser import Browser
from .form_steps import BRIBE_TEXT

FRAMED = ["/embed/new", "/kiosk"]


def ancestors(answer: Any) -> str:
    policy: str = answer.headers["Content-Security-Policy"]
    return policy.split("frame-ancestors ")[1].partition(";")[0]


def at_check(browser: Browser, path: str) -> Browser:
    browser.open(f"{path}?entity=GAM&kind=complaint").send(text=POTHOLE).send(to="GAM/-")
    return browser.send(governorate="GOV-AM").send(contact="none")


@pytest.mark.parametrize("path", FRAMED)
def test_embedded_form_submits_a_case_without_cookies(jordan: Jordan, browser: Browser, path: str) -> None:
    browser.client = Client(enforce_csrf_checks=True)
    at_check(browser, path)
    assert browser.path == f"{path}?entity=GAM"
    browser.send("send")
    case = Case.objects.get()
    assert case.reference in browser.text
    assert b"hreflang" not in browser.answer.content, (
        "the code is on this page alone: nothing leads away by mistake"
    )
    assert (case.entity_id, case.channel) == (
        jordan.entities["GAM"],
        "kiosk" if path == "/kiosk" else "embed",
    )
    assert (list(browser.client.cookies), browser.answer.headers["Cache-Control"]) == ([], "no-store")


@pytest.mark.parametrize("path", FRAMED)
def test_repeated_submission_shows_the_same_receipt(jordan: Jordan, browser: Browser, path: str) -> None:
    at_check(browser, path)
    fields = browser.hidden | {"go": "send"}
    said = [browser.client.post(f"{path}?entity=GAM", fields).content.count(b"receipt") for _ in range(2)]
    assert (Case.objects.count(), said[0]) == (1, said[1])


@pytest.mark.parametrize("path", FRAMED)
def test_gate_also_works_in_a_frame(jordan: Jordan, browser: Browser, path: str) -> None:
    browser.open(f"{path}?entity=GAM&kind=complaint").send(text=BRIBE_TEXT)
    assert browser.title == "قبل أن تكمل: هذا الطريق ليس الأسلم لك"
    browser.open(f"{path}?entity=GAM&kind=violation").send(fear="yes")
    assert browser.title == "قبل أن تكمل: هذا الطريق ليس الأسلم لك"
    assert not Case.objects.exists()


def test_kiosk_has_no_link_to_the_confidential_report(jordan: Jordan, browser: Browser) -> None:
    browser.open("/kiosk?kind=complaint").send(text=BRIBE_TEXT)
    links = [link["href"] for link in browser.page.select("main a")]
    assert (links, len(browser.page.select("main .qr svg"))) == ([], 1)
    assert f"{live_settings.PUBLIC_URL}/confidential" in browser.text


def test_only_registered_sites_may_embed_the_form(jordan: Jordan, client: Client, settings: Settings) -> None:
    assert ancestors(client.get("/embed/new?entity=GAM")) == "'none'"
    settings.EMBED_ORIGINS = ["https://portal.jordan.gov.jo"]
    Entity.objects.filter(code="GAM").update(embed_origins="https://www.amman.jo https://e.amman.jo:8443")
    refresh_versions()
    gam, health = client.get("/embed/new?entity=gam"), client.get("/en/embed/new?entity=MOH")
    assert ancestors(gam) == "https://portal.jordan.gov.jo https://www.amman.jo https://e.amman.jo:8443"
    assert (
        ancestors(health) == ancestors(client.get("/embed/new?entity=%00")) == "https://portal.jordan.gov.jo"
    )
    assert "X-Frame-Options" not in gam.headers


@pytest.mark.parametrize("path", ["/new", "/kiosk", "/", "/track"])
def test_other_pages_cannot_be_embedded(
    jordan: Jordan, client: Client, path: str, settings: Settings
) -> None:
    settings.EMBED_ORIGINS = ["https://portal.jordan.gov.jo"]
    answer = client.get(path)
    assert (ancestors(answer), answer.headers["X-Frame-Options"]) == ("'none'", "DENY")


def test_kiosk_disables_autocomplete(jordan: Jordan, browser: Browser) -> None:
    browser.open("/kiosk?entity=GAM&kind=complaint").send(text=POTHOLE).send(to="GAM/-").send(
        governorate="GOV-AM"
    )
    offered = {field["autocomplete"] for field in browser.page.select("[autocomplete]")}
    assert (browser.title, offered) == ("كيف نصل إليك؟", {"off"})
    assert not browser.page.select("[data-draft]")
    meta = browser.page.select_one("noscript meta")
    assert meta and "url=/kiosk?entity=GAM" in meta["content"]


@pytest.mark.parametrize("language", ["/en"])
def test_language_link_keeps_the_body(jordan: Jordan, browser: Browser, language: str) -> None:
    browser.open(f"{language}/kiosk?entity=GAM")
    other = browser.page.select_one("button[formaction]")
    assert other and other["formaction"] == "/kiosk?entity=GAM"


@pytest.mark.parametrize(
    ("origins", "good"),
    [
        ("", True), ("https://www.amman.jo", True), ("https://a.jo https://b.jo:8443", True), ("http://a.jo", False),
        ("https://a.jo/path", False), ("https://a.jo; script-src *", False), ("*", False),
        ("https://a.jo  https://b.jo", False),
        ("https://a.jo ", False), ("https://*.a.jo", False),
    ],
)  # fmt: skip
def test_embed_origins_are_validated(db: None, origins: str, good: bool) -> None:
    field = Entity._meta.get_field("embed_origins")
    try:
        field.run_validators(origins)
    except ValidationError:
        assert not good
    else:
        assert good
