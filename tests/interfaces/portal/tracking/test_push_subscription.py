"""Push subscriptions on the case page and through the API."""

import json
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.cases.commands import SubmissionResult
from bekhedmetkom.notifications.queries import count_devices
from bekhedmetkom.notifications.vapid_key import get_vapid_public_key
from tests.fakes.push_service import SUBSCRIPTION
from tests.personas import Jordan

from ..browser import Browser
from ..conftest import OpenCase

GIVEN: dict[str, str] = {"endpoint": SUBSCRIPTION["endpoint"], **SUBSCRIPTION["keys"]}


def test_case_page_has_the_push_form(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    form = browser.open(f"/c/{case.reference}").page.select_one("#push form")
    assert form
    assert form["data-key"] == get_vapid_public_key()
    assert len(get_vapid_public_key()) == 87
    assert browser.page.select_one("#push[hidden]")


def test_device_is_subscribed_until_it_is_stopped(open_case: OpenCase, browser: Browser) -> None:
    case = open_case()
    browser.open(f"/c/{case.reference}").send(form="/push", **GIVEN)
    assert "سننبّه هذا الجهاز بكل جديد في الطلب." in browser.text
    assert count_devices(case.case) == 1
    stop = next(
        form for form in browser.page.select("form[action$='/push']") if form.select_one("[name=stop]")
    )
    browser.client.post(str(stop["action"]), {"stop": "1"})
    assert count_devices(case.case) == 0


@pytest.mark.parametrize("wrong", [{"endpoint": "https://10.0.0.1/x"}, {"endpoint": ""}, {"auth": "x"}])
def test_malformed_subscription_is_refused(
    wrong: dict[str, str], open_case: OpenCase, browser: Browser
) -> None:
    case = open_case()
    browser.open(f"/c/{case.reference}").send(form="/push", **GIVEN | wrong)
    assert browser.page.select_one(".error-summary")
    assert count_devices(case.case) == 0


def subscribes(case: SubmissionResult, code: str, body: Any) -> Any:
    return Client().post(
        f"/api/v1/cases/{case.reference}/subscribe", json.dumps(body), "application/json",
        headers={"X-Access-Code": code},
    )  # fmt: skip


def test_api_subscribes_a_device(jordan: Jordan) -> None:
    case = jordan.submit()
    assert Client().get("/api/v1/push").json() == {"key": get_vapid_public_key()}
    answer = subscribes(case, case.access_code, SUBSCRIPTION | {"expirationTime": None})
    assert (answer.status_code, answer.json()["reference"]) == (200, case.reference)
    assert count_devices(case.case) == 1
    assert subscribes(case, "0000000000", SUBSCRIPTION).status_code == 404
    refused = subscribes(case, case.access_code, SUBSCRIPTION | {"endpoint": "https://127.0.0.1/"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "endpoint")
