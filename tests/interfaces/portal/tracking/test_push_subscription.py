"""A device asks to be told of a case: on its page, and through the API."""

import json
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.cases.commands import Submitted
from bekhedmetkom.messages.queries import devices
from bekhedmetkom.messages.vapid import public_key
from tests.fakes.push_service import SUBSCRIPTION
from tests.personas import Jordan

from ..browser import Browser
from ..conftest import OpenCase

GIVEN: dict[str, str] = {"endpoint": SUBSCRIPTION["endpoint"], **SUBSCRIPTION["keys"]}


def test_the_page_of_the_case_has_what_its_script_needs(opened: OpenCase, browser: Browser) -> None:
    case = opened()
    form = browser.open(f"/c/{case.reference}").page.select_one("#push form")
    assert form
    assert form["data-key"] == public_key()
    assert len(public_key()) == 87
    assert browser.page.select_one("#push[hidden]")


def test_a_device_is_told_until_its_owner_stops_it(opened: OpenCase, browser: Browser) -> None:
    case = opened()
    browser.open(f"/c/{case.reference}").send(form="/push", **GIVEN)
    assert "سننبّه هذا الجهاز بكل جديد في الطلب." in browser.text
    assert devices(case.case) == 1
    stop = next(
        form for form in browser.page.select("form[action$='/push']") if form.select_one("[name=stop]")
    )
    browser.client.post(str(stop["action"]), {"stop": "1"})
    assert devices(case.case) == 0


@pytest.mark.parametrize("wrong", [{"endpoint": "https://10.0.0.1/x"}, {"endpoint": ""}, {"auth": "x"}])
def test_what_is_no_subscription_is_refused_on_the_page(
    wrong: dict[str, str], opened: OpenCase, browser: Browser
) -> None:
    case = opened()
    browser.open(f"/c/{case.reference}").send(form="/push", **GIVEN | wrong)
    assert browser.page.select_one(".error-summary")
    assert devices(case.case) == 0


def subscribes(case: Submitted, code: str, body: Any) -> Any:
    return Client().post(
        f"/api/v1/cases/{case.reference}/subscribe", json.dumps(body), "application/json",
        headers={"X-Access-Code": code},
    )  # fmt: skip


def test_a_program_subscribes_what_a_browser_gives_it(jordan: Jordan) -> None:
    case = jordan.submit()
    assert Client().get("/api/v1/push").json() == {"key": public_key()}
    answer = subscribes(case, case.access_code, SUBSCRIPTION | {"expirationTime": None})
    assert (answer.status_code, answer.json()["reference"]) == (200, case.reference)
    assert devices(case.case) == 1
    assert subscribes(case, "0000000000", SUBSCRIPTION).status_code == 404
    refused = subscribes(case, case.access_code, SUBSCRIPTION | {"endpoint": "https://127.0.0.1/"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "endpoint")
