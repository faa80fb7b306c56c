"""Tokens are valid once: a place in the queue, a challenge. Session cookies are invalid after exit."""

from base64 import b64decode
from time import monotonic
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures import encryption
from bekhedmetkom.disclosures.derivation_queue import DERIVATION_QUEUE, QueueFull
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.rules.receipts import generate_receipt
from bekhedmetkom.interfaces.box import session_cookies
from tests.box.support.actors import get_secret, log_in
from tests.box.support.api_client import post_json, sign_in
from tests.mutations import check_with_mutations


def test_place_in_the_queue_is_valid_once(box: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    since: list[float] = []

    def reject(moment: float, _: Any) -> None:
        since.append(moment)
        raise QueueFull

    monkeypatch.setattr(DERIVATION_QUEUE, "run", reject)

    def promise() -> None:
        since.clear()
        client = Client()
        client.post("/words", {"words": " ".join(generate_receipt())})
        first = client.cookies["__Host-line"].value
        client.get("/words/again")
        assert since[1] == since[0], "who waits keeps the moment of their first try"
        begun = monotonic()
        for _ in range(2):
            crowd = Client()
            crowd.cookies["__Host-line"] = first
            crowd.get("/words/again")
        assert min(since[2:]) >= begun

    check_with_mutations(
        promise,
        {
            "a place serves again and again": lambda patch: patch.setattr(
                session_cookies, "claim_token", lambda *_: True
            )
        },
    )


def test_challenge_opens_one_session(box: Installation) -> None:
    def promise() -> None:
        challenge = post_json(Client(), "/commission/challenge", id="officer-1").json()
        answer = encryption.answer_challenge(b64decode(challenge["challenge"]), get_secret("officer-1")).hex()
        opened = [
            post_json(Client(), "/commission/session", ticket=challenge["ticket"], answer=answer).status_code
            for _ in range(2)
        ]
        assert opened == [204, 403]

    check_with_mutations(
        promise,
        {
            "a ticket serves again": lambda patch: patch.setattr(
                session_cookies, "claim_token", lambda *_: True
            )
        },
    )


@pytest.mark.parametrize("copied", ["{}", "!!!!{}"], ids=["as it is", "written otherwise"])
def test_copied_cookie_is_invalid_after_exit(box: Installation, copied: str) -> None:
    """A cookie copied before the exit gives no access."""

    def promise() -> None:
        discloser, officer = Client(), sign_in("officer-1")
        log_in(discloser, generate_receipt())
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

    def delete_only_the_cookie(_request: object, page: Any, name: session_cookies.CookieName) -> None:
        session_cookies.delete_cookie(page, name)

    check_with_mutations(
        promise,
        {
            "the browser alone forgets": lambda patch: patch.setattr(
                session_cookies, "end_session", delete_only_the_cookie
            )
        },
    )
