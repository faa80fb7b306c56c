"""Static pages in both languages."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from bekhedmetkom.interfaces.ui.icons import ICONS
from tests.personas import Jordan

from ..browser import Browser

PAGES = [
    "/", "/new", "/track", "/entities", "/entities/GAM", "/help", "/privacy", "/terms", "/accessibility",
    "/confidential", "/offline", "/new/offline", "/new/waiting",
]  # fmt: skip

LIGHTEST_LINK = 60 * 1024  # bytes gzipped, without fonts


def in_english(path: str) -> str:
    return f"/en{path}"


@pytest.mark.parametrize("path", [*PAGES, *map(in_english, PAGES)])
def test_every_page_has_language_direction_and_one_heading(
    path: str, jordan: Jordan, browser: Browser
) -> None:
    page = browser.open(path).page
    english = path.startswith("/en/")
    assert page.html is not None
    assert (page.html["lang"], page.html["dir"]) == (("en", "ltr") if english else ("ar", "rtl"))
    assert browser.title
    skip = page.select_one("a.skip")
    assert skip and page.select_one(str(skip["href"])) == page.main
    assert not re.search(r"<style|\sstyle=|\son\w+=", browser.answer.content.decode())
    assert [s for s in page.select("script") if not s.get("src")] == []


@pytest.mark.parametrize("path", PAGES)
def test_language_link_leads_to_the_same_page(path: str, jordan: Jordan, browser: Browser) -> None:
    switch = browser.open(path).page.select_one('.site-nav [lang="en"]')
    assert switch and (switch.get("href") or switch.get("formaction")) == in_english(path)
    back = browser.open(in_english(path)).page.select_one('.site-nav [lang="ar"]')
    assert back and (back.get("href") or back.get("formaction")) == path


@pytest.mark.parametrize("path", ["/help", "/privacy", "/terms", "/accessibility", "/confidential"])
def test_prose_has_the_same_parts_in_both_languages(path: str, browser: Browser, db: None) -> None:
    def parts() -> list[str]:
        return [tag.name for tag in browser.page.select("article :is(h1, h2, ul, li)")]

    browser.open(path)
    arabic = parts()
    browser.open(in_english(path))
    assert parts() == arabic


@pytest.mark.parametrize("path", [*PAGES, *map(in_english, PAGES)])
def test_every_internal_link_works(path: str, jordan: Jordan, browser: Browser) -> None:
    links = {str(link["href"]).split("#")[0] for link in browser.open(path).page.select("a[href]")}
    ours = {link for link in links if link.startswith("/")}
    assert ours
    assert {link for link in ours if Client().get(link).status_code != 200} == set()


@pytest.mark.parametrize("path", [*PAGES, *map(in_english, PAGES)])
def test_page_stays_within_its_size_budget(path: str, jordan: Jordan, browser: Browser) -> None:
    files = [
        str(tag.get("href") or tag.get("src"))
        for tag in browser.open(path).page.select("link[href]:not([rel=manifest]), script[src]")
    ]
    weight = len(gzip.compress(browser.answer.content))
    for file in files:
        found = finders.find(file.removeprefix(f"/{settings.STATIC_URL.strip('/')}/"))
        assert isinstance(found, str), file
        weight += len(gzip.compress(Path(found).read_bytes()))
    assert weight < LIGHTEST_LINK


def test_home_promises_what_the_policies_promise(jordan: Jordan, browser: Browser) -> None:
    promises = [em.get_text(strip=True) for em in browser.open("/").page.select(".kind em")]
    assert promises == ["3 أيام عمل", "5 إلى 15 يوم عمل", "15 يوم عمل", "3 أيام عمل", "10 أيام عمل"]


def test_home_works_without_a_directory(db: None, browser: Browser) -> None:
    assert browser.open("/").answer.status_code == 200


@pytest.mark.parametrize(
    "path", ["/nothing", "/en/nothing", "/entities/NOBODY", "/c/short", "/c/BK-UUUU-UUUU"]
)
def test_unknown_url_shows_a_404_page(path: str, jordan: Jordan, browser: Browser) -> None:
    browser.open(path)
    assert browser.answer.status_code == 404
    assert browser.title in ("لا توجد صفحة بهذا العنوان", "There is no page at this address")


def test_content_security_policy_is_strict(jordan: Jordan, browser: Browser) -> None:
    policy = browser.open("/").answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


def test_every_icon_exists() -> None:
    assert all(drawing.startswith("<") for drawing in ICONS.values())
    assert {"clock", "arrow-right", "circle-alert"} <= set(ICONS)
