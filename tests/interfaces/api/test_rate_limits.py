"""Whose an idempotency key is, and what a program does where much has come from its network."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from bekhedmetkom.cases.models import Case
from bekhedmetkom.identity import rate_limit
from bekhedmetkom.identity.commands.api_clients import create_client
from tests.personas import NOON, Jordan
from tests.proof_of_work import solve_challenge

from .api_client import ApiClient, get_problem_slug, parse_problem

KEY = "0000000000000001"  # as somebody writes one who does not draw it at random
HERE, THERE = "198.51.100.7", "203.0.113.9"


def build_client(address: str, **headers: str) -> ApiClient:
    return ApiClient(dict(headers), Client(REMOTE_ADDR=address))


@pytest.fixture
def full(settings: Settings) -> Iterator[ApiClient]:
    """So much has come from here that the next one is asked for a proof."""
    settings.ADDRESS_BURST, settings.ADDRESS_PER_HOUR, settings.PROOF_BITS = 2, 60, 6
    rate_limit.clear_local_counters()
    for _ in range(2):
        assert build_client(HERE).submit_case().status_code == 201
    yield build_client(HERE)
    rate_limit.clear_local_counters()


def solve_proof(challenge: dict[str, Any]) -> str:
    return solve_challenge(challenge["text"], challenge["bits"])


def test_a_key_belongs_to_who_sent_it(jordan: Jordan) -> None:
    one, other = build_client(HERE).submit_case(KEY), build_client(THERE).submit_case(KEY)
    assert one.json()["reference"] != other.json()["reference"]
    assert "Idempotent-Replay" not in other.headers
    assert build_client(THERE).submit_case(KEY, text="نص آخر تمامًا لا علاقة له").status_code == 422


def test_two_programs_may_draw_the_same_key(jordan: Jordan) -> None:
    secrets = [
        create_client(name=name, scopes=["cases"], actor=jordan.administrator, at=NOON)[1]
        for name in ("أ", "ب")
    ]
    first, second = (build_client(HERE, Authorization=f"Bearer {key}").submit_case(KEY) for key in secrets)
    assert first.json()["reference"] != second.json()["reference"]
    assert Case.objects.count() == 2


def test_a_proof_opens_at_once(jordan: Jordan, full: ApiClient) -> None:
    refused = full.submit_case(KEY)
    assert get_problem_slug(refused) == "proof-needed"
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    challenge = parse_problem(refused)["challenge"]
    assert full.submit_case(KEY, kind="praise").status_code == 429
    headers = {"Idempotency-Key": KEY, challenge["header"]: solve_proof(challenge)}
    taken = ApiClient(headers, full.client).post(
        "/cases", {"kind": "praise", "text": "شكرًا", "entity": "GAM"}
    )
    assert taken.status_code == 201


def test_an_address_made_up_in_a_header_changes_nothing(jordan: Jordan, full: ApiClient) -> None:
    assert build_client(HERE, **{"X-Forwarded-For": THERE}).submit_case().status_code == 429
    assert build_client(THERE).submit_case().status_code == 201


def test_behind_our_own_proxy_each_has_an_address(
    jordan: Jordan, full: ApiClient, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = [HERE]
    assert build_client(HERE, **{"X-Forwarded-For": THERE}).submit_case().status_code == 201


def test_who_asks_without_end_is_told_to_wait_and_whoever_submits_is_not(
    jordan: Jordan, settings: Settings
) -> None:
    settings.ADDRESS_BURST, settings.ADDRESS_PER_HOUR = 2, 60
    answers = [build_client(HERE).post("/suggest", {"text": "حفرة في الشارع"}) for _ in range(25)]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [200] * 20 + [429] * 5
    assert get_problem_slug(answers[-1]) == "too-many-tries"
    assert int(answers[-1]["Retry-After"]) > 0
    assert build_client(THERE).post("/suggest", {"text": "حفرة في الشارع"}).status_code == 200
    assert build_client(HERE).submit_case().status_code == 201


def test_a_program_has_a_quota_of_its_own_and_no_part_in_its_networks(
    jordan: Jordan, full: ApiClient
) -> None:
    """What its network has brought does not hold it up, and its own hour does, each by itself."""
    first, second = (
        create_client(name=name, scopes=["cases"], per_hour=2, actor=jordan.administrator, at=NOON).key
        for name in ("أ", "ب")
    )
    mine = build_client(HERE, Authorization=f"Bearer {first}")
    assert [mine.submit_case().status_code for _ in range(3)] == [201, 201, 429]
    refused = mine.submit_case()
    assert get_problem_slug(refused) == "too-many-tries"
    assert 0 < int(refused["Retry-After"]) <= 1800
    assert build_client(HERE, Authorization=f"Bearer {second}").submit_case().status_code == 201
