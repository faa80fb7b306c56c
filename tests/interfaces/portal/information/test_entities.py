"""The directory of public bodies."""

from datetime import timedelta

import pytest

from bekhedmetkom.entities.models import Entity
from bekhedmetkom.entities.table_cache import refresh_versions
from tests.personas import NOON, Jordan

from ..browser import Browser


@pytest.mark.parametrize("query", ["الصحة", "وزاره الصحه", "health", "MOH"])
def test_body_is_found_in_every_spelling(query: str, jordan: Jordan, browser: Browser) -> None:
    browser.open(f"/entities?q={query}")
    assert "وزارة الصحة" in browser.text
    assert "أمانة عمان الكبرى" not in browser.text


@pytest.mark.parametrize("query", ["xyzzy", "%00", "%ED%A0%80", "a" * 5000])
def test_search_without_results_says_so(query: str, jordan: Jordan, browser: Browser) -> None:
    browser.open(f"/entities?q={query}")
    assert browser.answer.status_code == 200
    assert ("كل الجهات" in browser.text) == (query != "%00")  # a NUL is removed, so the whole list is shown


def test_bodies_are_grouped_by_sector(jordan: Jordan, browser: Browser) -> None:
    browser.open("/en/entities")
    assert len(browser.page.select(".sectors details")) == Entity.objects.values("sector").distinct().count()
    assert len(browser.page.select(".sectors a")) == Entity.objects.count()


def test_body_shows_its_topics_with_their_promise(jordan: Jordan, browser: Browser) -> None:
    browser.open("/en/entities/gam")
    assert browser.title == "Greater Amman Municipality"
    assert "Answer within 15 working days" in browser.text
    assert browser.page.select('a[href="/en/new?entity=GAM"]')


def test_sealed_topic_links_to_confidential_reporting(jordan: Jordan, browser: Browser) -> None:
    browser.open("/entities/IACC")
    sealed = [link for link in browser.page.select(".links a") if "كيف تبلّغ بأمان" in link.get_text()]
    assert sealed
    assert {link["href"] for link in sealed} == {"/confidential"}


def test_link_to_a_closed_body_redirects_to_its_successor(jordan: Jordan, browser: Browser) -> None:
    heir = Entity.objects.get(code="MOLA")
    Entity.objects.filter(code="MOH").update(closed_on=(NOON - timedelta(days=1)).date(), successor=heir)
    refresh_versions()
    assert browser.open("/entities/moh").path == "/entities/MOLA"
    assert "وزارة الصحة" not in browser.open("/entities").text
    browser.open("/new?entity=MOH&kind=question")
    assert browser.page.select_one('[name="to"][value="MOLA/"]')


def test_closed_body_is_not_listed(jordan: Jordan, browser: Browser) -> None:
    Entity.objects.filter(code="MOH").update(closed_on=(NOON - timedelta(days=1)).date())
    refresh_versions()
    assert browser.open("/entities/MOH").answer.status_code == 404
    assert "وزارة الصحة" not in browser.open("/entities").text
