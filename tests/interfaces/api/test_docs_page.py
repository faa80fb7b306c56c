"""The page for people: the whole document, in both languages, under the strict policy."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from bekhedmetkom.interfaces.api.problems import PROBLEM_TYPES
from bekhedmetkom.interfaces.api.urls import get_openapi_document


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_every_call_and_every_problem_is_on_it(language: str, direction: str, client: Client) -> None:
    with override(language):
        page = unescape(client.get(reverse("api-docs:docs")).content.decode())

    assert f'<html lang="{language}" dir="{direction}">' in page
    assert page.count("<h1") == 1
    for path, methods in get_openapi_document()["paths"].items():
        for method, call in methods.items():
            assert f"<b>{method.upper()}</b> {path}<" in page
            about: str = call["description"] if language == "en" else call["x-description-ar"]
            assert about.replace("`", "") in page
    assert [slug for slug in PROBLEM_TYPES if f'<div id="{slug}">' not in page] == []


def test_the_other_door_for_programs_is_on_it(client: Client) -> None:
    where = client.get("/open311/discovery.json").json()["key_service"].rsplit(" ", 1)[1]
    page = client.get(where.removeprefix(settings.PUBLIC_URL).partition("#")[0]).content.decode()
    assert '<h2 id="open311">' in page
    for resource in ("discovery", "v2/services", "v2/requests", "v2/tokens/{token}"):
        assert f"/open311/{resource}.json" in page
    assert "api_key" in page


def test_fields_in_fields_are_shown_with_what_they_mean(client: Client) -> None:
    page = client.get("/en/api/v1/docs").content.decode()
    assert "<code>applicant.national_number</code>" in page
    assert "<code>timeline[].texts[].body</code>" in page
    assert "Code of a governorate, as /governorates gives it" in page


def test_it_needs_no_script_and_nothing_from_elsewhere(client: Client) -> None:
    answer = client.get("/api/v1/docs")
    page = answer.content.decode()
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "<script" not in page
    assert " style=" not in page
    assert [link for link in re.findall(r'(?:src|href)="([^"]+)"', page) if "//" in link] == []


@pytest.mark.parametrize("slug", PROBLEM_TYPES)
def test_the_type_of_a_problem_leads_to_its_explanation(slug: str, client: Client) -> None:
    answer = client.get(f"/api/v1/problems/{slug}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/api/v1/docs#{slug}")
