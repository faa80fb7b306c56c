"""What holds for every answer, whichever door gives it."""

import re

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.translation import get_language

from bekhedmetkom.config import error_pages, middleware


def said(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_language())


@pytest.mark.parametrize(
    ("address", "language"),
    [
        ("/", "ar"),
        ("/ar/", "ar"),
        ("/en/", "en"),
        ("/en/help", "en"),
        ("/english", "ar"),
        ("/en-us/", "ar"),
        ("/EN/", "ar"),
    ],
)
def test_the_address_decides_the_language(address: str, language: str) -> None:
    request = RequestFactory().get(address, headers={"Accept-Language": "fr, en;q=0.9"})
    response = middleware.url_language_middleware(said)(request)
    assert response.content.decode() == response.headers["Content-Language"] == language
    assert "Accept-Language" not in response.headers.get("Vary", "")


def test_the_policy_of_pages_knows_no_inline() -> None:
    policy = Client().get("/healthz").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert re.search(r"connect-src 'self'(;|$)", policy)
    assert "frame-ancestors 'none'" in policy


def test_nobody_frames_us_and_addresses_stay_with_us() -> None:
    headers = Client().get("/healthz").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_a_session_lives_on_with_its_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.session["case"] = "BK-7F3K-92MD"
    request.session.modified = False
    monkeypatch.setattr(middleware, "time", lambda: 1_000_000.0)
    middleware.session_renewal_middleware(said)(request)
    assert request.session.modified
    request.session.modified = False
    monkeypatch.setattr(middleware, "time", lambda: 1_000_000.0 + middleware.RENEWAL_INTERVAL_SECONDS)
    middleware.session_renewal_middleware(said)(request)
    assert not request.session.modified
    monkeypatch.setattr(middleware, "time", lambda: 1_000_001.0 + middleware.RENEWAL_INTERVAL_SECONDS)
    middleware.session_renewal_middleware(said)(request)
    assert request.session.modified


def test_who_has_no_session_gets_none() -> None:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    middleware.session_renewal_middleware(said)(request)
    assert request.session.is_empty()


def test_a_fault_on_the_page_for_faults_still_says_sorry(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        raise ValueError("what a citizen wrote")

    monkeypatch.setattr(error_pages, "server_error", broken)
    with translation.override("ar"):
        response = error_pages.handle_server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "حدث خطأ عندنا" in response.content.decode()


@pytest.mark.django_db
def test_a_form_in_another_encoding_is_not_understood() -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/track")
    form = "application/x-www-form-urlencoded; charset=utf-16"
    response = client.post("/track", b"reference=%D8", content_type=form)
    assert response.status_code == 400
    assert "لم نفهم ما وصلنا" in response.content.decode()
