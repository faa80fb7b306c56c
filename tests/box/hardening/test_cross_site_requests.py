"""Requests of other sites and malformed requests are refused without errors."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.reports import list_reports
from bekhedmetkom.disclosures.rules.receipts import derive_keys, generate_receipt
from bekhedmetkom.interfaces.box import security_policy
from tests.box.support.actors import get_only_report, submit_report
from tests.box.support.api_client import build_encrypted_report, post_json, sign_in
from tests.mutations import check_with_mutations


def test_origin_is_checked_without_sec_fetch_site(box: Installation) -> None:
    """Older browsers (Safari before 16.4) send only `Origin` with forms of other sites."""

    def submit_form(**headers: str) -> int:
        return Client().post("/send", {"text": "x"}, headers={"host": "testserver"} | headers).status_code

    def promise() -> None:
        assert submit_form(origin="http://testserver") == 200
        assert submit_form(origin="null") == 200, "so our own forms come, for they name no referrer"
        report_count = len(list(list_reports()))
        for origin in ("https://elsewhere.example", "http://testserver.elsewhere.example", "http://["):
            assert submit_form(origin=origin) == 403
        assert len(list(list_reports())) == report_count

    check_with_mutations(
        promise,
        {
            "nobody looks at the origin": lambda patch: patch.setattr(
                security_policy, "is_same_origin", lambda request: True
            )
        },
    )


def test_exit_keeps_officers_keys(box: Installation) -> None:
    """Any page can link to `/left`; the keys in officers' browsers (IndexedDB) must survive it."""
    page = Client().get("/left")
    assert "storage" not in page["Clear-Site-Data"]
    assert "*" not in page["Clear-Site-Data"]
    assert "Clear-Site-Data" not in Client().get("/left", headers={"Sec-Fetch-Site": "cross-site"})


@pytest.mark.parametrize("files", [10, 11])
def test_ten_encrypted_files_are_accepted(box: Installation, files: int) -> None:
    body = build_encrypted_report(derive_keys(generate_receipt())) | {
        "file": [BytesIO(b"x" * 2000) for _ in range(files)]
    }
    assert Client().post("/sealed", body).status_code == (201 if files == 10 else 413)
    assert len(list(list_reports())) == (files == 10)


def test_eleventh_file_is_rejected_with_a_sentence(box: Installation) -> None:
    page = Client().post("/send", {"text": "x", "files": [BytesIO(b"x") for _ in range(11)]})
    assert page.status_code == 422
    assert "10 ملفات" in page.content.decode()


ODD_VALUES: tuple[Any, ...] = ("\ud800", "\x00", [], {}, None, 7, "é" * 500, 10**400)


@pytest.mark.parametrize("odd", ODD_VALUES, ids=ascii)
def test_odd_values_cause_no_server_error(box: Installation, odd: Any) -> None:
    challenge = post_json(Client(), "/commission/challenge", id="officer-1").json()
    for address, body in (
        ("/commission/challenge", {"id": odd}),
        ("/commission/session", {"ticket": challenge["ticket"], "answer": odd}),
        ("/commission/session", {"ticket": odd, "answer": odd}),
        ("/open", {"lookup": odd}),
        ("/file", {"lookup": odd, "id": odd}),
    ):
        assert post_json(Client(), address, **body).status_code < 500, address


def test_deeply_nested_json_is_rejected(box: Installation) -> None:
    for address in ("/open", "/file", "/commission/challenge", "/commission/session"):
        answer = Client().post(address, "[" * 4000, content_type="application/json")
        assert answer.status_code == 400, address


@pytest.mark.parametrize("odd", ODD_VALUES, ids=ascii)
def test_odd_statuses_are_rejected(box: Installation, odd: Any) -> None:
    submit_report(Client())
    address = f"/commission/reports/{get_only_report().report.id}/status"
    officer = sign_in("officer-1")
    for body in (
        {"status": odd},
        {"status": "closed", "reason": odd},
        {"status": "accepted", "reason": odd or "x"},
    ):
        assert post_json(officer, address, **body).status_code in (400, 409)
