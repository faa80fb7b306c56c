"""Other sites, odd requests: nothing is done for them, and nothing fails over them."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.rules.receipts import derive, new_receipt
from bekhedmetkom.disclosures.standing import every
from bekhedmetkom.interfaces.box import policy
from tests.box.people import only_report, sends
from tests.box.test_sealed_wire import asks, put_together, signed_in
from tests.broken import holds


def test_a_browser_that_says_only_its_origin_is_asked_for_that(box: Place) -> None:
    """Before `Sec-Fetch-Site` (Safari until 16.3) a form of another site came with its `Origin` alone."""

    def sent(**headers: str) -> int:
        return Client().post("/send", {"text": "x"}, headers={"host": "testserver"} | headers).status_code

    def promise() -> None:
        assert sent(origin="http://testserver") == 200
        assert sent(origin="null") == 200, "so our own forms come, for they name no referrer"
        came = len(list(every()))
        for origin in ("https://elsewhere.example", "http://testserver.elsewhere.example", "http://["):
            assert sent(origin=origin) == 403
        assert len(list(every())) == came

    holds(
        promise,
        {
            "nobody looks at the origin": lambda patch: patch.setattr(
                policy, "from_here", lambda request: True
            )
        },
    )


def test_leaving_takes_no_officers_key_with_it(box: Place) -> None:
    """Any page can send a browser to `/left`; what officers keep in theirs (IndexedDB) must outlive that."""
    page = Client().get("/left")
    assert "storage" not in page["Clear-Site-Data"]
    assert "*" not in page["Clear-Site-Data"]
    assert "Clear-Site-Data" not in Client().get("/left", headers={"Sec-Fetch-Site": "cross-site"})


@pytest.mark.parametrize("files", [10, 11])
def test_as_many_files_as_the_page_says_come_sealed(box: Place, files: int) -> None:
    said = put_together(derive(new_receipt())) | {"file": [BytesIO(b"x" * 2000) for _ in range(files)]}
    assert Client().post("/sealed", said).status_code == (201 if files == 10 else 413)
    assert len(list(every())) == (files == 10)


def test_one_file_too_many_is_said_in_a_sentence(box: Place) -> None:
    page = Client().post("/send", {"text": "x", "files": [BytesIO(b"x") for _ in range(11)]})
    assert page.status_code == 422
    assert "10 ملفات" in page.content.decode()


ODD: tuple[Any, ...] = ("\ud800", "\x00", [], {}, None, 7, "é" * 500, 10**400)


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_odd_requests_are_refused_and_nothing_fails(box: Place, odd: Any) -> None:
    asked = asks(Client(), "/commission/challenge", id="officer-1").json()
    for address, said in (
        ("/commission/challenge", {"id": odd}),
        ("/commission/session", {"ticket": asked["ticket"], "answer": odd}),
        ("/commission/session", {"ticket": odd, "answer": odd}),
        ("/open", {"lookup": odd}),
        ("/file", {"lookup": odd, "id": odd}),
    ):
        assert asks(Client(), address, **said).status_code < 500, address


def test_a_deep_nest_is_refused(box: Place) -> None:
    for address in ("/open", "/file", "/commission/challenge", "/commission/session"):
        answer = Client().post(address, "[" * 4000, content_type="application/json")
        assert answer.status_code == 400, address


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_odd_words_of_an_officer_are_refused(box: Place, odd: Any) -> None:
    sends(Client())
    address = f"/commission/reports/{only_report().report.id}/status"
    officer = signed_in("officer-1")
    for said in (
        {"status": odd},
        {"status": "closed", "reason": odd},
        {"status": "accepted", "reason": odd or "x"},
    ):
        assert asks(officer, address, **said).status_code in (400, 409)
