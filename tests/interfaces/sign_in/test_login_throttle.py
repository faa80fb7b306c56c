"""Guessing is slow, and an attacker who knows an officer's address cannot keep the officer out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from bekhedmetkom.identity import throttle
from bekhedmetkom.identity.models import Officer, SignInPace

from .conftest import Clock
from .sign_in_requests import is_signed_in, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("main_officer")]
ELSEWHERE = "10.9.9.9"


def attack(times: int, address: str = "10.0.0.1", client: Client | None = None) -> list[int]:
    return [sign_in(client or Client(), password="guess", address=address).status_code for _ in range(times)]


def test_after_a_few_wrong_tries_each_has_to_wait_longer(clock: Clock) -> None:
    assert attack(6) == [200] * 6, "five are free, the sixth starts the wait"
    waits = []
    for _ in range(7):
        slowed = sign_in(Client(), password="guess")
        assert slowed.status_code == 429
        waits.append(int(slowed["Retry-After"]))
        clock.go(waits[-1])
        assert sign_in(Client(), password="guess").status_code == 200

    assert waits == [1, 2, 4, 8, 16, 30, 30]


def test_the_page_says_how_long_and_the_right_password_waits_too(clock: Clock, client: Client) -> None:
    attack(8)
    answer = sign_in(client)

    assert answer.status_code == 429
    assert "انتظر" in answer.content.decode()
    assert not is_signed_in(client)

    clock.go(30)
    sign_in(client)
    assert is_signed_in(client)


def test_an_attacker_elsewhere_does_not_slow_the_officer_down(clock: Clock, client: Client) -> None:
    attack(50)
    sign_in(client, address=ELSEWHERE)
    assert is_signed_in(client)


def test_an_attacker_behind_the_same_address_does_not_slow_a_known_browser_down(
    clock: Clock, client: Client
) -> None:
    sign_in(client)
    client.post("/sign-out")
    attack(50)
    assert sign_in(Client()).status_code == 429, "the address is slowed down"

    sign_in(client)
    assert is_signed_in(client)


def test_a_known_browser_is_no_free_ticket(clock: Clock, client: Client) -> None:
    sign_in(client)
    client.post("/sign-out")

    assert attack(8, client=client)[-1] == 429


def test_a_browsers_cookie_is_good_for_its_officer_only_and_cannot_be_made_up(
    clock: Clock, client: Client
) -> None:
    sign_in(client)
    client.post("/sign-out")
    [sign_in(client, "other@example.jo", "guess") for _ in range(6)]
    assert sign_in(Client(), "other@example.jo", "guess").status_code == 429, "counted with its address"

    forger = Client()
    forger.cookies["browser"] = "number:0123456789abcdef:signature"
    attack(8)
    assert sign_in(forger).status_code == 429


def test_one_password_on_many_accounts_is_slowed_down_by_address(clock: Clock) -> None:
    tries = [sign_in(Client(), f"someone{n}@example.jo", "Summer2026!").status_code for n in range(40)]
    assert 429 in tries
    assert sign_in(Client(), "someone99@example.jo", "Summer2026!", address=ELSEWHERE).status_code == 200


def test_a_right_password_starts_afresh(clock: Clock) -> None:
    attack(5)
    sign_in(Client())
    assert attack(5) == [200] * 5


def test_an_unknown_address_is_slowed_down_just_the_same(clock: Clock) -> None:
    tries = [sign_in(Client(), "nobody@example.jo", "guess").status_code for _ in range(8)]
    assert tries == attack(8, address=ELSEWHERE)


def test_counters_name_nobody_and_are_swept(clock: Clock) -> None:
    attack(3)
    assert SignInPace.objects.count() == 2
    assert not any(b"main" in bytes(row.key) for row in SignInPace.objects.all())

    assert throttle.delete_stale_counters(clock.now() + timedelta(hours=2)) == 2
    assert not SignInPace.objects.exists()


def test_a_thousand_tries_at_once_are_no_faster_than_one_after_the_other() -> None:
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    limit = throttle.ThrottleLimit(free_attempts=5, max_wait_seconds=30)
    went_ahead = sum(
        throttle.take_attempt(limit, "password", "main@example.jo", at=at) == timedelta(0)
        for _ in range(1000)
    )
    assert went_ahead == 6


def test_after_an_hour_of_quiet_failures_are_forgotten() -> None:
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    limit = throttle.ThrottleLimit(free_attempts=2, max_wait_seconds=30)
    for _ in range(10):
        throttle.take_attempt(limit, "x", at=at)
    later = at + timedelta(hours=1, minutes=1)
    assert [throttle.take_attempt(limit, "x", at=later) for _ in range(3)] == [timedelta(0)] * 3
    assert throttle.take_attempt(limit, "x", at=later) > timedelta(0)


def test_officers_are_untouched_by_failures(clock: Clock) -> None:
    attack(20)
    assert Officer.objects.get(email="main@example.jo").is_active
