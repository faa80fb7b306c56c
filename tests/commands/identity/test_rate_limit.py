"""Limits by address slow down a flood and shut out nobody who stands behind the same address."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from bekhedmetkom.identity import rate_limit
from bekhedmetkom.identity.rate_limit import ProofOfWorkRequired, count_submission
from tests.personas import NOON
from tests.proof_of_work import solve_challenge

MOBILE, ELSEWHERE = "198.51.100.7", "203.0.113.9"
BURST = 20

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(settings: Settings) -> Iterator[None]:
    settings.ADDRESS_BURST, settings.ADDRESS_PER_HOUR, settings.PROOF_BITS = BURST, 3600, 4
    rate_limit.clear_local_counters()
    yield
    rate_limit.clear_local_counters()


def key(number: int) -> str:
    return f"a-key-of-a-person-{number:04d}"


def flood(number: int = BURST, address: str = MOBILE, at: datetime = NOON) -> None:
    for place in range(number):
        count_submission(address=address, key=key(place), at=at)


def refused(
    number: int, *, at: datetime = NOON, proof: str = "", address: str = MOBILE
) -> ProofOfWorkRequired:
    with pytest.raises(ProofOfWorkRequired) as refusal:
        count_submission(address=address, key=key(number), at=at, proof=proof)
    return refusal.value


def solution(needed: ProofOfWorkRequired) -> str:
    return solve_challenge(needed.challenge, needed.bits)


def test_below_the_number_nothing_is_asked() -> None:
    flood()


def test_where_none_goes_without_a_proof_the_first_is_asked_too(settings: Settings) -> None:
    settings.ADDRESS_BURST = 0
    count_submission(address=MOBILE, key=key(1), at=NOON, proof=solution(refused(1)))


def test_above_it_a_proof_is_asked_and_opens_at_once() -> None:
    flood()
    needed = refused(99)
    assert 1 <= needed.wait_seconds <= rate_limit.MAX_WAIT_SECONDS
    count_submission(address=MOBILE, key=key(99), at=NOON, proof=solution(needed))


def test_waiting_as_told_opens_too() -> None:
    flood()
    wait = refused(99).wait_seconds
    count_submission(address=MOBILE, key=key(99), at=NOON + timedelta(seconds=wait))


def test_a_code_that_was_typed_in_opens_too() -> None:
    flood()
    count_submission(address=MOBILE, key=key(99), at=NOON, proven=True)


def test_another_address_is_not_held_up() -> None:
    flood()
    count_submission(address=ELSEWHERE, key=key(0), at=NOON)


def test_500_honest_people_behind_one_address_all_come_through() -> None:
    asked = 0
    for number in range(500):
        at = NOON + timedelta(milliseconds=100 * number)
        try:
            count_submission(address=MOBILE, key=key(number), at=at)
        except ProofOfWorkRequired as needed:
            asked += 1
            assert needed.bits <= rate_limit.MAX_PROOF_BITS
            count_submission(address=MOBILE, key=key(number), at=at, proof=solution(needed))
    assert 300 < asked < 500


def test_who_hammers_without_a_proof_makes_it_no_harder_for_the_others() -> None:
    flood()
    hardest = {refused(number).bits for number in range(200)}
    assert hardest == {refused(0).bits}
    assert refused(0).wait_seconds <= 2


def test_a_proof_is_for_one_key_for_a_while_and_whole() -> None:
    flood()
    proof = solution(refused(99))
    refused(98, proof=proof)
    refused(99, proof=proof.replace(".", ".1", 1))
    flood(address=ELSEWHERE, at=NOON + rate_limit.PROOF_LIFETIME + timedelta(minutes=1))
    refused(99, at=NOON + rate_limit.PROOF_LIFETIME + timedelta(minutes=1), proof=proof, address=ELSEWHERE)


@pytest.mark.parametrize(
    "proof", ["", ".", "..", "...", "0.9999999999.x.y", "4.1", "٤.1.2.3", "4.-1.a.b", "\ud800", "9" * 5000]
)
def test_what_is_no_proof_is_refused(proof: str) -> None:
    flood()
    refused(99, proof=proof)


def test_twice_as_much_is_twice_the_work() -> None:
    flood()
    first = refused(0).bits
    for number in range(3 * BURST):
        count_submission(address=MOBILE, key=key(number), at=NOON, proven=True)
    assert refused(0).bits == first + 2


def test_the_table_tells_no_address() -> None:
    flood()
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(t::text, ' '), '') FROM identity_addressuse t")
        (everything,) = cursor.fetchone()
        assert everything
        assert MOBILE not in everything
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'identity_addressuse'")
        assert cursor.fetchone() == ("u",)
        assert rate_limit.delete_stale_counters(NOON + timedelta(days=2)) == 1


def test_questions_have_a_bucket_of_their_own_and_waiting_as_told_opens() -> None:
    waits = [rate_limit.count_question(address=MOBILE, at=NOON) for _ in range(10 * BURST + 1)]
    assert set(waits[:-1]) == {0}
    assert 1 <= waits[-1] <= rate_limit.MAX_WAIT_SECONDS
    assert rate_limit.count_question(address=ELSEWHERE, at=NOON) == 0
    assert rate_limit.count_question(address=MOBILE, at=NOON + timedelta(seconds=waits[-1])) == 0
    flood()
