"""Every kind through the API over real HTTP, in both languages, and both ways of a violation."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from bekhedmetkom.cases.models import Case, CaseText, Event, Idempotency
from bekhedmetkom.catalogue.rules import Handling, Kind
from tests.e2e.conftest import Site
from tests.e2e.page_steps import TEXTS

pytestmark = pytest.mark.e2e

ENGLISH_TEXTS = {
    "complaint": "The pavement in front of our building has been broken since the summer.",
    "question": "Which papers do I need to renew a trade licence?",
    "suggestion": "Please put shades over the bus stops along the university road.",
    "praise": "Thanks to the street cleaner in our street, who works hard every morning.",
    "violation": "A restaurant near the university works without a licence.",
}
BRIBE_TEXTS = {
    "ar": "طلب مني الموظف رشوة مئتي دينار حتى يمشي المعاملة",
    "en": "The clerk asked me for a bribe of 200 dinars to finish my file.",
}


@pytest.fixture
def api(site: Site) -> httpx.Client:
    return httpx.Client(base_url=f"{site.address}/api/v1", timeout=20)


def submit_case(api: httpx.Client, language: str, **body: Any) -> httpx.Response:
    headers = {"Idempotency-Key": uuid4().hex, "Accept-Language": language}
    return api.post("/cases", json={"entity": "GAM", **body}, headers=headers)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_kind_is_taken_and_can_be_followed(site: Site, api: httpx.Client, language: str) -> None:
    for kind in Kind:
        text = TEXTS[kind] if language == "ar" else ENGLISH_TEXTS[kind]
        sent = submit_case(api, language, kind=kind, text=text, applicant={"language": language})
        assert sent.status_code == 201, sent.text
        case = Case.objects.get(reference=sent.json()["reference"])
        assert (case.kind, case.channel, case.language) == (kind, "api", language)
        assert (case.care == Handling.INSPECTION) == (kind is Kind.VIOLATION)
        code = {"X-Access-Code": sent.json()["access_code"]}
        followed = api.get(f"/cases/{case.reference}", headers=code)
        assert followed.status_code == 200
        assert all(entry["ar"] and entry["en"] for entry in followed.json()["timeline"])


@pytest.mark.parametrize("language", ["ar", "en"])
def test_corruption_is_shown_the_confidential_way_and_nothing_is_kept(
    site: Site, api: httpx.Client, language: str
) -> None:
    refused = submit_case(api, language, kind="violation", text=BRIBE_TEXTS[language])
    assert refused.status_code == 422
    assert refused.headers["Content-Type"].startswith("application/problem+json")
    assert refused.json()["type"].endswith("use-confidential-channel")
    for table in (Case, CaseText, Event, Idempotency):
        assert table.objects.count() == 0
    assert (
        submit_case(api, language, kind="violation", text=BRIBE_TEXTS[language], gate="declined").status_code
        == 201
    )
