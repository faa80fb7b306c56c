"""Sign-in with the national identity against a local provider."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import SubmissionResult
from bekhedmetkom.cases.models import Particulars
from bekhedmetkom.cases.rules.contact import ContactAddress, ContactType
from bekhedmetkom.identity import oidc
from bekhedmetkom.identity.models import Officer
from tests.personas import NOON, Jordan

from ..browser import Browser
from .oidc_provider import (
    CLIENT,
    SECRET,
    FakeOidcProvider,
    create_ec_key,
    create_rsa_key,
    create_symmetric_key,
    run_provider,
)

pytestmark = pytest.mark.django_db
NUMBER, PHONE = "9871234567", "+962791234567"
BACK = "http://portal.example/mine/signed-in"


@pytest.fixture(scope="module")
def _provider() -> Iterator[FakeOidcProvider]:
    with run_provider(BACK) as provider:
        yield provider


@pytest.fixture
def provider(_provider: FakeOidcProvider) -> Iterator[FakeOidcProvider]:
    """A provider that keeps every rule and knows one person."""
    keys = (_provider.published, _provider.signing, _provider.algorithm)
    _provider.person = {"sub": "somebody", "national_number": NUMBER}
    _provider.token, _provider.settings, _provider.userinfo, _provider.down = {}, {}, {}, False
    _provider.refusals, _provider.asked = [], []
    oidc.reset_provider()
    with override_settings(
        OIDC_ISSUER=_provider.issuer, OIDC_CLIENT_ID=CLIENT, OIDC_CLIENT_SECRET=SECRET,
        PUBLIC_URL="http://portal.example",
    ):  # fmt: skip
        yield _provider
    _provider.published, _provider.signing, _provider.algorithm = keys
    oidc.reset_provider()


def linked(jordan: Jordan, number: str = NUMBER, **given: Any) -> SubmissionResult:
    """A case that is linked to this national number."""
    case = jordan.submit(**given)
    known = ContactAddress(ContactType.NATIONAL_NUMBER, number)
    commands.confirm_contact(case=case.case, actor=jordan.get_citizen(case), at=NOON, known=known)
    return case


def go(browser: Browser, start: str = "/mine/sign-in") -> str:
    """Sign in at the provider; return the redirect back."""
    away = browser.client.get(start)
    assert away.status_code == 302
    back = httpx.get(away["Location"], follow_redirects=False)
    assert back.status_code == 302
    return back.headers["Location"].removeprefix("http://portal.example")


def sign_in(browser: Browser, start: str = "/mine/sign-in") -> Browser:
    return browser.open(go(browser, start))


def link(browser: Browser, case: SubmissionResult) -> Browser:
    """Press the button that links the case to the signed-in person."""
    assert browser.page.select_one("button[name=to][value=national_number]")
    browser.client.post(f"/c/{case.reference}/contact", {"to": "national_number"})
    return browser.open(f"/c/{case.reference}?done=contact")


def listed(browser: Browser) -> list[str]:
    return [found.get_text() for found in browser.page.select("main .links small .ref")]


def test_signed_in_person_sees_their_linked_cases(
    jordan: Jordan, browser: Browser, provider: FakeOidcProvider
) -> None:
    case = linked(jordan)
    linked(jordan, "9870000000")
    sign_in(browser)

    assert browser.path == "/mine"
    assert listed(browser) == [case.reference]
    assert "••••••4567" in browser.text
    assert browser.open(f"/c/{case.reference}").path == f"/c/{case.reference}"
    assert provider.refusals == []


def test_sign_in_is_offered_only_with_a_provider(
    jordan: Jordan, browser: Browser, provider: FakeOidcProvider
) -> None:
    assert "الدخول بالهوية الوطنية" in browser.open("/mine").text
    with override_settings(OIDC_ISSUER=""):
        assert "الدخول بالهوية الوطنية" not in browser.open("/mine").text
        assert browser.client.get("/mine/sign-in").status_code == 404
        assert browser.client.get("/mine/signed-in").status_code == 404


def test_typed_national_number_is_not_linked_before_sign_in(
    jordan: Jordan, browser: Browser, provider: FakeOidcProvider
) -> None:
    case = jordan.submit()
    Particulars.objects.filter(pk=case.case).update(national_number=NUMBER)
    assert "لا طلب هنا بعد" in sign_in(browser).text

    browser.open("/track").send(reference=case.reference, code=case.access_code)
    link(browser.open(f"/c/{case.reference}/contact"), case)
    assert browser.path == f"/c/{case.reference}?done=contact"
    assert listed(browser.open("/mine")) == [case.reference]


def test_sign_in_from_a_case_returns_to_it_and_links_it(
    jordan: Jordan, browser: Browser, provider: FakeOidcProvider
) -> None:
    case = jordan.submit()
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    sign_in(browser, f"/mine/sign-in?case={case.reference}")
    assert browser.path == f"/c/{case.reference}/contact"
    link(browser, case)
    assert "غيّرت رقمك الوطني وأكدته" in browser.text


@pytest.mark.parametrize(
    ("claims", "contact"),
    [
        ({"phone_number": "+962 79 123 4567", "phone_number_verified": True}, True),
        ({"phone_number": PHONE, "phone_number_verified": False}, False),
        ({"phone_number": PHONE, "phone_number_verified": "true"}, False),
        ({"phone_number": PHONE}, False),
        ({"phone_number": [PHONE], "phone_number_verified": True}, False),
    ],
)
def test_phone_counts_only_if_the_provider_verified_it(
    claims: dict[str, Any], contact: bool, jordan: Jordan, browser: Browser, provider: FakeOidcProvider
) -> None:
    case = jordan.submit()
    commands.confirm_contact(
        case=case.case,
        actor=jordan.get_citizen(case),
        at=NOON,
        known=ContactAddress(ContactType.PHONE, PHONE),
    )
    provider.person |= claims
    assert listed(sign_in(browser)) == ([case.reference] if contact else [])


def test_authorization_request_has_state_nonce_and_pkce(browser: Browser, provider: FakeOidcProvider) -> None:
    away = browser.client.get("/en/mine/sign-in")
    query = parse_qs(urlsplit(away["Location"]).query)
    assert query["redirect_uri"] == [BACK]
    assert query["code_challenge_method"] == ["S256"]
    assert query["ui_locales"] == ["en"]
    assert SECRET not in away["Location"]
    kept = browser.client.cookies["sign-in-ar"]
    assert (kept["path"], bool(kept["httponly"]), kept["samesite"]) == ("/mine/signed-in", True, "Lax")
    assert not any(query[name][0] in kept.value for name in ("state", "nonce"))


def test_sign_in_returns_to_the_language_it_started_in(
    jordan: Jordan, browser: Browser, provider: FakeOidcProvider
) -> None:
    linked(jordan)
    assert sign_in(browser, "/en/mine/sign-in").path == "/en/mine"


# Failures


def refused(browser: Browser, back: str, status: int = 400) -> None:
    answer = browser.client.get(back)
    assert answer.status_code == status
    assert "لم يكتمل الدخول" in answer.content.decode()
    assert browser.open("/mine").page.select_one("input[name=address]"), "nobody is signed in"


def test_response_to_another_browser_is_refused(browser: Browser, provider: FakeOidcProvider) -> None:
    """An attacker's link must not sign the reader in as another person."""
    attacker = Browser()
    back = go(attacker)
    refused(browser, back)
    refused(browser, "/mine/signed-in")


@pytest.mark.parametrize(
    "tamper",
    [
        lambda back: back.replace("state=", "state=x"),
        lambda back: back.replace("state=", "other="),
        lambda back: back.replace("code=", "code=x"),
        lambda back: back.replace("code=", "other="),
        lambda back: f"{back}&error=access_denied",
        lambda back: back.replace("iss=http", "iss=https"),
        lambda back: f"{back}&state=%00%ff",
    ],
)
def test_changed_response_is_refused(
    tamper: Callable[[str], str], browser: Browser, provider: FakeOidcProvider
) -> None:
    refused(browser, tamper(go(browser)))


def test_response_is_used_once(browser: Browser, provider: FakeOidcProvider) -> None:
    back = go(browser)
    kept = browser.client.cookies["sign-in-ar"].value
    browser.open(back)
    assert browser.path == "/mine"
    browser.client.cookies["sign-in-ar"] = kept
    assert browser.client.get(back).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://elsewhere.example"},
        {"aud": "another client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"sub": None},
    ],
    ids="-".join,  # ids without times: test processes collect at different seconds
)
def test_token_of_another_sign_in_is_refused(
    wrong: dict[str, Any], browser: Browser, provider: FakeOidcProvider
) -> None:
    provider.token = wrong
    refused(browser, go(browser))


def test_token_signed_with_another_key_is_refused(browser: Browser, provider: FakeOidcProvider) -> None:
    provider.sign_with(create_rsa_key(), "RS256", publish=False)
    refused(browser, go(browser))
    provider.sign_with(create_rsa_key("unknown"), "RS256", publish=False)
    refused(browser, go(browser))


def test_token_signed_with_our_secret_or_unsigned_is_refused(
    browser: Browser, provider: FakeOidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.sign_with(create_symmetric_key(), "HS256", publish=False)
    refused(browser, go(browser))

    exchange = provider.exchange

    def unsigned(form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        provider.sign_with(provider.published, "RS256", publish=False)
        tokens = exchange(form, authorization)
        assert tokens
        header = (
            base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "one"}).encode()).rstrip(b"=").decode()
        )
        return tokens | {"id_token": f"{header}.{tokens['id_token'].split('.')[1]}."}

    monkeypatch.setattr(provider, "exchange", unsigned)
    refused(browser, go(browser))


def test_rotated_provider_keys_are_loaded(
    jordan: Jordan, browser: Browser, provider: FakeOidcProvider
) -> None:
    case = linked(jordan)
    sign_in(browser)
    provider.sign_with(create_ec_key(), "ES256", publish=True)
    assert listed(sign_in(Browser())) == [case.reference]


def test_user_info_of_another_person_is_refused(browser: Browser, provider: FakeOidcProvider) -> None:
    provider.userinfo = {"sub": "somebody else"}
    refused(browser, go(browser))


def test_sign_in_without_usable_claims_is_explained(browser: Browser, provider: FakeOidcProvider) -> None:
    provider.person = {"sub": "somebody", "national_number": "12"}
    refused(browser, go(browser))


def test_unavailable_provider_is_reported_and_the_code_offered(
    browser: Browser, provider: FakeOidcProvider
) -> None:
    back = go(browser)
    provider.down = True
    refused(browser, back, status=503)
    oidc.reset_provider()
    answer = Client().get("/mine/sign-in")
    assert answer.status_code == 503
    assert "لا تجيب الآن" in answer.content.decode()
    oidc.reset_provider()
    with override_settings(OIDC_ISSUER="http://127.0.0.1:9"):
        assert Client().get("/mine/sign-in").status_code == 503


@pytest.mark.parametrize(
    "settings",
    [
        {"issuer": "https://elsewhere.example"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": ""},
        {"authorization_endpoint": "ftp://elsewhere.example/authorize"},
    ],
    ids=str,
)
def test_invalid_provider_settings_are_refused(
    settings: dict[str, Any], browser: Browser, provider: FakeOidcProvider
) -> None:
    provider.settings = settings
    answer = browser.client.get("/mine/sign-in")
    assert answer.status_code == 400
    assert not answer.has_header("Location")


@pytest.mark.parametrize(
    "case", ["https://elsewhere.example", "//elsewhere.example", "../desk", "\x00", "BK-0000-0000"]
)
def test_sign_in_never_redirects_to_another_site(
    case: str, browser: Browser, provider: FakeOidcProvider
) -> None:
    browser.client.get("/mine/sign-in", {"case": case})
    answer = browser.client.get(go(browser, f"/mine/sign-in?case={case.replace(chr(0), '%00')}"))
    assert answer["Location"] in ("/mine", "/c/BK-0000-0000/contact")


def test_citizen_sign_in_starts_no_officer_session(
    jordan: Jordan, browser: Browser, provider: FakeOidcProvider
) -> None:
    officer = Officer.objects.get(email="administrator@example.jo")
    provider.person |= {"sub": str(officer.pk), "email": officer.email, "email_verified": True}
    before = Officer.objects.count()
    sign_in(browser)

    assert browser.path == "/mine"
    assert Officer.objects.count() == before
    assert not Session.objects.exists()
    assert "session" not in browser.client.cookies
    for address in ("/desk", "/manage/"):
        assert "sign-in" in browser.client.get(address)["Location"]
    assert browser.client.get("/api/v1/desk/cases").status_code == 401


def test_secrets_and_claims_are_not_logged(
    browser: Browser, provider: FakeOidcProvider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.token = {"nonce": "another"}
    back = go(browser)
    with caplog.at_level("DEBUG", logger="bekhedmetkom"):
        browser.client.get(back)
    said = "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith("bekhedmetkom")
    )
    assert "another sign-in" in said
    for secret in (
        SECRET,
        NUMBER,
        *(value for values in parse_qs(urlsplit(back).query).values() for value in values),
    ):
        assert secret not in said
