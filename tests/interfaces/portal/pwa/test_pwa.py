"""The portal as an app: manifest, service worker and offline submission."""

import gzip
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import Settings

from bekhedmetkom.cases.models import Case, CaseText
from bekhedmetkom.identity import rate_limit
from bekhedmetkom.interfaces.portal.pwa import offline
from bekhedmetkom.interfaces.portal.pwa.offline import SHELL_FILES
from tests.commands.attachments.sample_files import png
from tests.personas import POTHOLE, Jordan
from tests.proof_of_work import solve_challenge

from ..browser import Browser

KEY = "5f0c7f5e-7f2e-4f0a-9c0a-3f6f0d7f9d11"
ANSWERS = {
    "kind": "complaint", "text": POTHOLE, "to": "GAM/-", "placed": "1", "contact": "given", "phone": "0791234567",
}  # fmt: skip
HEAVIEST_WORKER = 3 * 1024  # bytes gzipped


def send(client: Client, key: str = KEY, *, prefix: str = "", proof: str = "", **answers: str) -> Any:
    body = {"key": key, "proof": proof, "answers": ANSWERS | answers}
    return client.post(f"{prefix}/new/send", body, "application/json")


# Manifest and app links


@pytest.mark.parametrize(("prefix", "language", "direction"), [("", "ar", "rtl"), ("/en", "en", "ltr")])
def test_manifest_is_in_each_language(
    prefix: str, language: str, direction: str, jordan: Jordan, client: Client
) -> None:
    answer = client.get(f"{prefix}/manifest.webmanifest")
    said = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (said["lang"], said["dir"], said["scope"]) == (language, direction, "/")
    for address in (said["start_url"], *(shortcut["url"] for shortcut in said["shortcuts"])):
        assert client.get(address).status_code == 200, address
    assert said["share_target"]["action"] == f"{prefix}/new/shared"
    for icon in said["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_page_links_the_manifest_of_its_language(jordan: Jordan, browser: Browser) -> None:
    for prefix in ("", "/en"):
        link = browser.open(f"{prefix}/help").page.select_one("link[rel=manifest]")
        assert link and link["href"] == f"{prefix}/manifest.webmanifest"


def test_app_links_are_served_when_configured(client: Client, settings: Settings) -> None:
    settings.ANDROID_APP, settings.ANDROID_FINGERPRINTS = "jo.gov.bekhedmetkom", ["AA:BB"]
    settings.APPLE_APP = "TEAM.jo.gov.bekhedmetkom"
    (android,) = client.get("/.well-known/assetlinks.json").json()
    assert android["target"]["sha256_cert_fingerprints"] == ["AA:BB"]
    (apple,) = client.get("/.well-known/apple-app-site-association").json()["applinks"]["details"]
    assert apple["appIDs"] == ["TEAM.jo.gov.bekhedmetkom"]
    shut = [one["/"] for one in apple["components"] if one.get("exclude")]
    assert {"/desk*", "/en/manage*"} <= set(shut)
    assert {"/": "/c/*"} in apple["components"]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_only_public_pages_open_in_the_app(language: str, client: Client, settings: Settings) -> None:
    settings.APPLE_APP = "TEAM.jo.gov.bekhedmetkom"
    (apple,) = client.get("/.well-known/apple-app-site-association").json()["applinks"]["details"]

    def opens(route: str, *of: str) -> bool:
        address = reverse(route, args=of)
        first = next((one for one in apple["components"] if fnmatch(address, one["/"])), {"exclude": True})
        return "exclude" not in first

    with override(language):
        assert all(map(opens, ("portal:home", "portal:new", "portal:track", "portal:mine", "portal:shared")))
        assert opens("portal:case", "BK-7F3K-92MD")
        assert opens("portal:entity", "GAM")
        assert not any(
            map(opens, ("desk:list", "calls:home", "sign-in", "portal:confidential", "portal:kiosk"))
        )


# Service worker


@pytest.fixture
def as_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Use hashed file names, which make the worker about two hundred bytes larger."""
    storage = ManifestStaticFilesStorage(location=str(tmp_path))

    def hashed(name: str) -> str:
        with Path(str(finders.find(name))).open("rb") as file:
            return f"/static/{storage.hashed_name(name, File(file))}"

    monkeypatch.setattr(offline, "static", hashed)
    offline.build_service_worker.cache_clear()
    yield
    offline.build_service_worker.cache_clear()


def test_worker_stays_within_its_size_budget_and_is_revalidated(client: Client, as_served: None) -> None:
    answer = client.get("/sw.js")
    assert re.search(rb"/portal/pwa/outbox\.[0-9a-f]{12}\.js", answer.content)
    assert len(gzip.compress(answer.content)) < HEAVIEST_WORKER
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]


def test_every_cached_file_exists(client: Client, jordan: Jordan) -> None:
    assert [name for name in SHELL_FILES if not finders.find(name)] == []


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", ["/offline", "/new/offline", "/new/waiting"])
def test_cached_page_is_the_same_for_everyone(
    prefix: str, path: str, jordan: Jordan, browser: Browser
) -> None:
    stranger = Client().get(f"{prefix}{path}").content
    browser.open("/track")  # sets cookies
    own = jordan.submit()
    browser.send(reference=own.reference, code=own.access_code)
    answer = browser.client.get(f"{prefix}{path}")
    assert answer.content == stranger
    assert b"csrfmiddlewaretoken" not in stranger
    assert not answer.cookies


def test_offline_form_offers_no_violation(jordan: Jordan, browser: Browser) -> None:
    assert browser.open("/new/offline").choices("kind") == [
        "question", "complaint", "suggestion", "praise", "unsure",
    ]  # fmt: skip


# Offline submission


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_offline_case_is_submitted_like_one_from_the_check_page(
    prefix: str, jordan: Jordan, client: Client
) -> None:
    answer = send(client, prefix=prefix)
    said = answer.json()
    case = Case.objects.get()
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    assert (case.channel, case.language, said["reference"]) == ("portal", prefix[1:] or "ar", case.reference)
    assert CaseText.objects.get(case=case, field="text").body == POTHOLE
    assert client.get(f"{prefix}/new/received").status_code == 200  # shown again on the receipt page


def test_same_key_gives_the_same_case_from_any_network(jordan: Jordan, client: Client) -> None:
    first = send(client).json()
    again = client.post(
        "/new/send", {"key": KEY, "answers": ANSWERS}, "application/json", REMOTE_ADDR="203.0.113.9"
    )
    assert again.json() == first
    assert Case.objects.count() == 1


def test_key_with_another_text_is_refused(jordan: Jordan, client: Client) -> None:
    send(client)
    answer = send(client, text="شيء آخر تمامًا حدث في الشارع نفسه")
    assert (answer.status_code, answer.json()["sort"]) == (422, "reused")
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"phone": "12"}, {"phone": ""}, {"text": "x"}, {"kind": ""}, {"to": "NO-SUCH-BODY/-"}, {"contact": ""},
     {"text": "س" * 4001}],
)  # fmt: skip
def test_invalid_offline_case_is_refused_with_the_pages_errors(
    wrong: dict[str, str], jordan: Jordan, client: Client
) -> None:
    answer = send(client, **wrong)
    assert (answer.status_code, answer.json()["sort"]) == (422, "refused")
    assert all(answer.json()["said"])
    assert Case.objects.count() == 0


def test_corruption_gets_the_address_of_the_box(jordan: Jordan, client: Client) -> None:
    answer = send(client, text="طلب مني الموظف رشوة خمسين دينارًا", prefix="/en")
    assert (answer.status_code, answer.json()["sort"]) == (422, "gate")
    assert answer.json()["box"] == f"{settings.BOX_URL}/en/"
    assert Case.objects.count() == 0


def test_rate_limit_asks_for_proof_of_work(jordan: Jordan, client: Client, settings: Settings) -> None:
    settings.ADDRESS_BURST, settings.ADDRESS_PER_HOUR, settings.PROOF_BITS = 1, 360, 6
    rate_limit.clear_local_counters()
    send(client, "another-key-of-16-or-more")
    asked = send(client)
    assert (asked.status_code, Case.objects.count()) == (429, 1)
    said = asked.json()
    assert send(client, proof=solve_challenge(said["challenge"], said["bits"])).status_code == 201
    rate_limit.clear_local_counters()


@pytest.mark.parametrize(
    "body", [b" ", b"[]", b"null", b"{", b'{"answers": []}', b'{"answers": null, "key": 3}']
)
def test_malformed_request_is_refused(body: bytes, jordan: Jordan, client: Client) -> None:
    assert client.generic("POST", "/new/send", body, "application/json").status_code == 400


def test_form_post_from_another_site_is_refused(jordan: Jordan) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/new/send", {"answers": "{}"}).status_code == 415
    assert Case.objects.count() == 0


# Shared content


def test_shared_photo_starts_a_case(jordan: Jordan, browser: Browser, tmp_path: Path) -> None:
    strict = Client(enforce_csrf_checks=True)
    photo = SimpleUploadedFile("حفرة.png", png(), "image/png")
    browser._see(strict.post("/new/shared", {"title": "", "text": POTHOLE, "file": photo}))
    browser.client = strict
    assert browser.title == "ماذا تريد أن ترسل؟"
    assert browser.hidden["text"] == POTHOLE
    assert len(browser.hidden["uploads"].split()) == 1


def test_invalid_shared_file_is_refused(jordan: Jordan, browser: Browser) -> None:
    file = SimpleUploadedFile("برنامج.exe", b"MZ\x90\x00" * 40, "application/octet-stream")
    browser._see(browser.client.post("/new/shared", {"text": POTHOLE, "file": file}))
    assert len(browser.errors) == 1
    assert "برنامج.exe" in browser.errors[0]
