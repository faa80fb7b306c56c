"""What is given out for one use serves once: a place in line, a challenge's ticket. A visit that was left is over."""

from base64 import b64decode
from time import monotonic
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures import sealing
from bekhedmetkom.disclosures.line import LINE, LineIsFull
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.rules.receipts import new_receipt
from bekhedmetkom.interfaces.box import kept
from tests.box.people import comes_back, secret_of
from tests.box.test_sealed_wire import asks, signed_in
from tests.broken import holds


def test_one_early_place_in_line_does_not_overtake_everybody_for_ever(
    box: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    since: list[float] = []

    def full(moment: float, _: Any) -> None:
        since.append(moment)
        raise LineIsFull

    monkeypatch.setattr(LINE, "serve", full)

    def promise() -> None:
        since.clear()
        client = Client()
        client.post("/words", {"words": " ".join(new_receipt())})
        first = client.cookies["__Host-line"].value
        client.get("/words/again")
        assert since[1] == since[0], "who waits keeps the moment of their first try"
        begun = monotonic()
        for _ in range(2):
            crowd = Client()
            crowd.cookies["__Host-line"] = first
            crowd.get("/words/again")
        assert min(since[2:]) >= begun

    holds(
        promise,
        {"a place serves again and again": lambda patch: patch.setattr(kept, "first_use", lambda *_: True)},
    )


def test_an_answered_challenge_opens_one_session(box: Place) -> None:
    def promise() -> None:
        asked = asks(Client(), "/commission/challenge", id="officer-1").json()
        answer = sealing.answered(b64decode(asked["challenge"]), secret_of("officer-1")).hex()
        opened = [
            asks(Client(), "/commission/session", ticket=asked["ticket"], answer=answer).status_code
            for _ in range(2)
        ]
        assert opened == [204, 403]

    holds(
        promise,
        {"a ticket serves again": lambda patch: patch.setattr(kept, "first_use", lambda *_: True)},
    )


@pytest.mark.parametrize("copied", ["{}", "!!!!{}"], ids=["as it is", "written otherwise"])
def test_a_copy_of_a_visits_cookie_opens_nothing_after_it_was_left(box: Place, copied: str) -> None:
    """Who took it from the machine before "leave now" has nothing in hand."""

    def promise() -> None:
        discloser, officer = Client(), signed_in("officer-1")
        comes_back(discloser, new_receipt())
        for client, name, address in (
            (discloser, "__Host-box", "/talk"),
            (officer, "__Host-commission", "/commission/reports"),
        ):
            thief = Client()
            thief.cookies[name] = copied.format(client.cookies[name].value)
            assert thief.get(address).status_code == 200
            client.get("/left")
            assert client.cookies[name].value == ""
            assert thief.get(address).status_code == 403

    def cookie_only(_request: object, page: Any, name: kept.Name) -> None:
        kept.take_away(page, name)

    holds(promise, {"the browser alone forgets": lambda patch: patch.setattr(kept, "end", cookie_only)})
