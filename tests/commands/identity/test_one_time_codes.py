"""A one-time code proves once, to whoever asked, that they read what is sent to a telephone or an address."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from bekhedmetkom.identity.commands import one_time_codes
from bekhedmetkom.identity.commands.one_time_codes import TooManyCodes, issue_code, verify_code
from bekhedmetkom.identity.models import OneTimeCode
from tests.officer_factories import NOON

PHONE, OTHER = "+962796123441", "+962796123442"
MINUTE = timedelta(minutes=1)


def ask(asker: str = "here", address: str = PHONE, purpose: str = "confirm") -> str:
    return issue_code(purpose=purpose, address=address, at=NOON, asker=asker)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def right(
    code: str,
    *,
    asker: str = "here",
    address: str = PHONE,
    purpose: str = "confirm",
    after: timedelta = MINUTE,
) -> bool:
    return verify_code(purpose=purpose, address=address, code=code, at=NOON + after, asker=asker)


@pytest.mark.django_db
def test_a_code_counts_once() -> None:
    code = ask()
    assert len(code) == 6
    assert code.isdecimal()
    assert right(code)
    assert not right(code)


@pytest.mark.django_db
def test_it_is_read_as_people_type_it() -> None:
    code = ask()
    assert right(f" {code[:3]} {code[3:]} ".translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))


@pytest.mark.django_db
def test_it_is_good_for_ten_minutes() -> None:
    assert right(ask(), after=9 * MINUTE)
    assert not right(ask(), after=10 * MINUTE)


@pytest.mark.django_db
def test_after_five_wrong_tries_the_right_one_does_not_help_either() -> None:
    code = ask()
    assert [right(wrong(code)) for _ in range(4)] == [False] * 4
    assert right(code), "the fifth try"

    code = ask()
    assert [right(wrong(code)) for _ in range(5)] == [False] * 5
    assert not right(code)


@pytest.mark.django_db
def test_it_counts_only_for_what_and_whom_and_where_it_was_asked() -> None:
    code = ask()
    assert not right(code, address=OTHER)
    assert not right(code, purpose="sign_in")
    assert not right(code, asker="elsewhere")
    assert right(code)


@pytest.mark.django_db
def test_a_stranger_who_knows_the_number_can_neither_use_up_the_tries_nor_replace_the_code() -> None:
    code = ask()
    for _ in range(6):
        right(wrong(code), asker="a stranger")
    ask("a stranger")
    assert right(code)


@pytest.mark.django_db
def test_a_new_code_makes_the_one_before_void() -> None:
    first, second = ask(), ask()
    assert first == second or not right(first)
    assert right(second)


@pytest.mark.django_db
def test_asking_again_and_again_gets_slow_and_says_for_how_long() -> None:
    for n in range(one_time_codes.CONTACT_LIMIT.free_attempts + 1):
        ask(str(n))
    with pytest.raises(TooManyCodes) as refused:
        ask("another")

    assert refused.value.wait == timedelta(seconds=1)
    assert refused.value.message.ar == "طُلب أكثر من رمز. انتظر ثانية واحدة ثم جرّب من جديد."
    assert ask(address=OTHER), "nobody else waits"
    assert issue_code(purpose="confirm", address=PHONE, at=NOON + refused.value.wait), "and it passes"


@pytest.mark.django_db
def test_whoever_proves_to_read_the_codes_has_no_wait_left() -> None:
    for n in range(one_time_codes.CONTACT_LIMIT.free_attempts + 1):
        code = ask(str(n))
    assert right(code, asker=str(one_time_codes.CONTACT_LIMIT.free_attempts))
    assert ask()


@pytest.mark.django_db
def test_the_table_holds_neither_code_nor_number_nor_anything_to_find_them_by() -> None:
    code = ask()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM identity_onetimecode t")
        ((row,),) = cursor.fetchall()
    assert code not in row
    assert PHONE.removeprefix("+") not in row
    kept = OneTimeCode.objects.get()
    assert (len(kept.key), len(kept.hash)) == (32, 32)


@pytest.mark.django_db
def test_what_has_expired_is_dropped() -> None:
    ask()
    assert one_time_codes.delete_expired_codes(NOON + 9 * MINUTE) == 0
    assert one_time_codes.delete_expired_codes(NOON + 10 * MINUTE) == 1


@pytest.mark.usefixtures("committed_db")
def test_of_many_with_the_right_code_at_the_same_moment_one_comes_in() -> None:
    code = ask()

    def come_in(_: int) -> bool:
        try:
            return right(code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as five:
        assert sorted(five.map(come_in, range(5))) == [False] * 4 + [True]
