"""Signing in with the national identity, against a real provider on this machine: to one's cases, and nowhere else."""

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
from bekhedmetkom.cases.commands import Submitted
from bekhedmetkom.cases.models import Particulars
from bekhedmetkom.cases.rules.contact import Contact, Known
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
    """A provider that keeps to every rule, and knows one person."""
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


def linked(jordan: Jordan, number: str = NUMBER, **given: Any) -> Submitted:
    """A case that its citizen has linked to this national number."""
    case = jordan.submit(**given)
    known = Known(Contact.NATIONAL_NUMBER, number)
    commands.confirm_contact(case=case.case, actor=jordan.citizen(case), at=NOON, known=known)
    return case


def go(browser: Browser, start: str = "/mine/sign-in") -> str:
    """Off to the provider and through it; where it sends the person back to."""
    away = browser.client.get(start)
    assert away.status_code == 302
    back = httpx.get(away["Location"], follow_redirects=False)
    assert back.status_code == 302
    return back.headers["Location"].removeprefix("http://portal.example")


def sign_in(browser: Browser, start: str = "/mine/sign-in") -> Browser:
    return browser.open(go(browser, start))


def link(browser: Browser, case: Submitted) -> Browser:
    """Press the button that links the case to who has signed in."""
    assert browser.page.select_one("button[name=to][value=national_number]")
    browser.client.post(f"/c/{case.reference}/contact", {"to": "national_number"})
    return browser.open(f"/c/{case.reference}?done=contact")


def listed(browser: Browser) -> list[str]:
    return [found.get_text() for found in browser.page.select("main .links small .ref")]


def test_whoever_the_provider_vouches_for_sees_the_cases_linked_to_them(
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


def test_the_way_there_is_offered_only_where_a_provider_is_set_up(
    jordan: Jordan, browser: Browser, provider: FakeOidcProvider
) -> None:
    assert "الدخول بالهوية الوطنية" in browser.open("/mine").text
    with override_settings(OIDC_ISSUER=""):
        assert "الدخول بالهوية الوطنية" not in browser.open("/mine").text
        assert browser.client.get("/mine/sign-in").status_code == 404
        assert browser.client.get("/mine/signed-in").status_code == 404


def test_a_number_typed_into_a_form_counts_for_nothing_until_its_owner_has_signed_in(
    jordan: Jordan, browser: Browser, provider: FakeOidcProvider
) -> None:
    case = jordan.submit()
    Particulars.objects.filter(pk=case.case).update(national_number=NUMBER)
    assert "لا طلب هنا بعد" in sign_in(browser).text

    browser.open("/track").send(reference=case.reference, code=case.access_code)
    link(browser.open(f"/c/{case.reference}/contact"), case)
    assert browser.path == f"/c/{case.reference}?done=contact"
    assert listed(browser.open("/mine")) == [case.reference]


def test_from_a_case_one_comes_back_to_it_and_can_link_it(
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
def test_a_phone_counts_where_the_provider_says_outright_that_it_has_verified_it(
    claims: dict[str, Any], contact: bool, jordan: Jordan, browser: Browser, provider: FakeOidcProvider
) -> None:
    case = jordan.submit()
    commands.confirm_contact(
        case=case.case, actor=jordan.citizen(case), at=NOON, known=Known(Contact.PHONE, PHONE)
    )
    provider.person |= claims
    assert listed(sign_in(browser)) == ([case.reference] if contact else [])


def test_the_browser_is_sent_with_everything_that_protects_the_way_back(
    browser: Browser, provider: FakeOidcProvider
) -> None:
    away = browser.client.get("/en/mine/sign-in")
    query = parse_qs(urlsplit(away["Location"]).query)
    assert query["redirect_uri"] == [BACK]
    assert query["code_challenge_method"] == ["S256"]
    assert query["ui_locales"] == ["en"]
    assert SECRET not in away["Location"]
    kept = browser.client.cookies["sign-in-ar"]
    assert (kept["path"], bool(kept["httponly"]), kept["samesite"]) == ("/mine/signed-in", True, "Lax")
    assert not any(query[name][0] in kept.value for name in ("state", "nonce"))


def test_in_english_one_comes_back_to_english(
    jordan: Jordan, browser: Browser, provider: FakeOidcProvider
) -> None:
    linked(jordan)
    assert sign_in(browser, "/en/mine/sign-in").path == "/en/mine"


# What goes wrong


def refused(browser: Browser, back: str, status: int = 400) -> None:
    answer = browser.client.get(back)
    assert answer.status_code == status
    assert "لم يكتمل الدخول" in answer.content.decode()
    assert browser.open("/mine").page.select_one("input[name=address]"), "nobody is signed in"


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(
    browser: Browser, provider: FakeOidcProvider
) -> None:
    """Somebody sends a link that would sign the reader in as another person."""
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
def test_a_changed_answer_is_refused(
    tamper: Callable[[str], str], browser: Browser, provider: FakeOidcProvider
) -> None:
    refused(browser, tamper(go(browser)))


def test_an_answer_counts_once(browser: Browser, provider: FakeOidcProvider) -> None:
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
    ids="-".join,  # no times in them: processes collect at different seconds
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    wrong: dict[str, Any], browser: Browser, provider: FakeOidcProvider
) -> None:
    provider.token = wrong
    refused(browser, go(browser))


def test_a_token_signed_with_another_key_is_refused(browser: Browser, provider: FakeOidcProvider) -> None:
    provider.sign_with(create_rsa_key(), "RS256", publish=False)
    refused(browser, go(browser))
    provider.sign_with(create_rsa_key("unknown"), "RS256", publish=False)
    refused(browser, go(browser))


def test_a_token_signed_with_our_own_secret_or_not_at_all_is_refused(
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


def test_new_keys_of_the_provider_are_taken_up(
    jordan: Jordan, browser: Browser, provider: FakeOidcProvider
) -> None:
    case = linked(jordan)
    sign_in(browser)
    provider.sign_with(create_ec_key(), "ES256", publish=True)
    assert listed(sign_in(Browser())) == [case.reference]


def test_what_it_says_of_somebody_else_is_refused(browser: Browser, provider: FakeOidcProvider) -> None:
    provider.userinfo = {"sub": "somebody else"}
    refused(browser, go(browser))


def test_who_comes_back_with_nothing_to_be_known_by_is_told_so(
    browser: Browser, provider: FakeOidcProvider
) -> None:
    provider.person = {"sub": "somebody", "national_number": "12"}
    refused(browser, go(browser))


def test_a_provider_that_is_down_is_said_to_be_and_the_code_is_offered(
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
def test_settings_that_lead_astray_are_not_followed(
    settings: dict[str, Any], browser: Browser, provider: FakeOidcProvider
) -> None:
    provider.settings = settings
    answer = browser.client.get("/mine/sign-in")
    assert answer.status_code == 400
    assert not answer.has_header("Location")


@pytest.mark.parametrize(
    "case", ["https://elsewhere.example", "//elsewhere.example", "../desk", "\x00", "BK-0000-0000"]
)
def test_nobody_is_led_elsewhere_after_signing_in(
    case: str, browser: Browser, provider: FakeOidcProvider
) -> None:
    browser.client.get("/mine/sign-in", {"case": case})
    answer = browser.client.get(go(browser, f"/mine/sign-in?case={case.replace(chr(0), '%00')}"))
    assert answer["Location"] in ("/mine", "/c/BK-0000-0000/contact")


def test_a_citizen_never_becomes_an_officer(
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


def test_no_secret_or_claim_is_written_down(
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
