"""Telephone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bekhedmetkom.kernel.phone_numbers import format_phone, is_mobile, mask_phone, parse_phone


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("0796123441", "+962796123441"),
        ("0776123441", "+962776123441"),
        ("0786123441", "+962786123441"),
        ("079 612 3441", "+962796123441"),
        ("079-612-3441", "+962796123441"),
        ("(079) 612.3441", "+962796123441"),
        ("079\u00a0612–3441\n", "+962796123441"),
        ("796123441", "+962796123441"),
        ("+962796123441", "+962796123441"),
        ("+962 79 612 3441", "+962796123441"),
        ("+962 (0) 79 612 3441", "+962796123441"),
        ("00962796123441", "+962796123441"),
        ("00962 0796123441", "+962796123441"),
        ("962796123441", "+962796123441"),
        ("٠٧٩٦١٢٣٤٤١", "+962796123441"),
        ("+٩٦٢ ٧٩ ٦١٢ ٣٤٤١", "+962796123441"),
        ("۰۷۹۶۱۲۳۴۴۱", "+962796123441"),
        ("\u2066+962796123441\u2069", "+962796123441"),
        ("\u200f٠٧٩\u200e٦١٢٣٤٤١", "+962796123441"),
        ("０７９６１２３４４１", "+962796123441"),
        ("065008080", "+96265008080"),
        ("06 500 8080", "+96265008080"),
        ("+962 3 201 1111", "+96232011111"),
        ("0800 22222", "+96280022222"),
        ("+971 50 123 4567", "+971501234567"),
        ("00971501234567", "+971501234567"),
        ("+966 50 123 4567", "+966501234567"),
        ("00 44 20 7946 0018", "+442079460018"),
        ("+1 (202) 555-0143", "+12025550143"),
    ],
)
def test_phone_number_is_parsed(typed: str, e164: str) -> None:
    assert parse_phone(typed) == e164
    assert parse_phone(e164) == e164


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "+",
        "079612344",
        "07961234411",
        "0746123441",  # nobody's
        "1234567890",
        "911",
        "971501234567",  # abroad, without + or 00
        "+000796123441",
        "079612344x",
        "رقمي 0796123441",
        "0796123441 ext 5",
        "tel:0796123441",
        "0796123441 / 0786123441",
        "0" * 300,
    ],
)
def test_invalid_phone_number_is_none(typed: str) -> None:
    assert parse_phone(typed) is None


def test_number_is_parsed_in_its_region() -> None:
    assert parse_phone("050 123 4567", region="AE") == "+971501234567"
    assert parse_phone("050 123 4567") is None


@pytest.mark.parametrize(
    ("e164", "shown", "masked"),
    [
        ("+962796123441", "079 612 3441", "079 ••• ••41"),
        ("+96265008080", "06 500 8080", "06 ••• ••80"),
        ("+96232011111", "03 201 1111", "03 ••• ••11"),
        ("+96280022222", "080 022 222", "080 ••• ••22"),
        ("+971501234567", "+971 50 123 4567", "+971 ••• ••67"),
        ("+12025550143", "+1 202-555-0143", "+1 ••• ••43"),
    ],
)
def test_phone_number_is_formatted_and_masked(e164: str, shown: str, masked: str) -> None:
    assert format_phone(e164) == shown
    assert mask_phone(e164) == masked
    assert parse_phone(shown) == e164


@pytest.mark.parametrize(
    ("e164", "mobile"),
    [("+962796123441", True), ("+96265008080", False), ("+971501234567", True), ("+12025550143", True)],
)
def test_is_mobile(e164: str, mobile: bool) -> None:
    assert is_mobile(e164) is mobile


@given(some.text())
def test_any_text_is_parsed_or_none(text: str) -> None:
    number = parse_phone(text)

    assert number is None or parse_phone(number) == number


@given(some.text("+0123456789٠٧٩ -()", max_size=20))
def test_formatted_number_parses_to_the_same_number(text: str) -> None:
    number = parse_phone(text)

    assert number is None or parse_phone(format_phone(number)) == number
    assert number is None or mask_phone(number).endswith(f"••{number[-2:]}")
