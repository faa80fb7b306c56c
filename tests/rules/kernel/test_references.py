"""References and access codes are read back however people type them."""

from collections.abc import Callable
from random import Random, SystemRandom

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bekhedmetkom.kernel.references import (
    REFERENCE_ALPHABET,
    format_access_code,
    generate_reference,
    parse_access_code,
    parse_reference,
)

references = some.text(REFERENCE_ALPHABET, min_size=8, max_size=8).map(lambda s: f"BK-{s[:4]}-{s[4:]}")
access_codes = some.text("0123456789", min_size=10, max_size=10)
gaps = some.text(" -–_./\u00a0\u200e\u200f\u2067\u2069\t", max_size=2)
arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
typings = some.sampled_from(
    [
        str,
        str.lower,
        lambda s: s.translate(arabic),
        lambda s: s.translate(persian),
        lambda s: s.replace("0", "o"),
    ]
)


@pytest.mark.parametrize(
    "typed",
    [
        "BK-7F3K-92MD",
        "bk-7f3k-92md",
        "7F3K-92MD",
        "7f3k92md",
        "BK7F3K92MD",
        "  BK - 7F3K - 92MD ",
        "BK–7F3K–92MD",
        "BK-٧F٣K-٩٢MD",
        "۷f۳k۹۲md",
        "\u2066BK-7F3K-92MD\u2069",
        "\u200fBK-7F3K-92MD\u200e",
        "ＢＫ－７Ｆ３Ｋ－９２ＭＤ",
        "#BK.7F3K.92MD",
    ],
)
def test_reference_is_parsed_in_any_spelling(typed: str) -> None:
    assert parse_reference(typed) == "BK-7F3K-92MD"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("OOOO-IL1l", "BK-0000-1111"),
        ("bk-bk7f-3k92", "BK-BK7F-3K92"),  # without its prefix it may begin with the prefix
        ("BK7F3K92", "BK-BK7F-3K92"),
    ],
)
def test_ambiguous_letters_and_prefix_are_normalised(typed: str, meant: str) -> None:
    assert parse_reference(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "BK",
        "BK-7F3K-92M",
        "BK-7F3K-92MDX",
        "AB-7F3K-92MD",
        "BK-7F3K-92MU",
        "رقم الطلب",
        "7F3K-92Mß",
        "7" * 900,
    ],
)
def test_invalid_reference_is_none(typed: str) -> None:
    assert parse_reference(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "72945-18340",
        "7294518340",
        "72945 18340",
        "٧٢٩٤٥-١٨٣٤٠",
        "۷۲۹۴۵۱۸۳۴۰",
        "729451834O",
        "\u206672945-18340",
    ],
)
def test_access_code_is_parsed_in_any_spelling(typed: str) -> None:
    assert parse_access_code(typed) == "7294518340"


@pytest.mark.parametrize("typed", ["", "72945-1834", "72945-183401", "72945-1834A", "BK-7F3K-92MD", "٧٢٩٤٥"])
def test_invalid_access_code_is_none(typed: str) -> None:
    assert parse_access_code(typed) is None


def test_access_code_is_formatted_in_two_groups() -> None:
    assert format_access_code("7294518340") == "72945-18340"
    assert format_access_code("0000000001") == "00000-00001"


@given(some.randoms())
def test_generated_reference_can_be_parsed(random: Random) -> None:
    reference = generate_reference(random)

    assert parse_reference(reference) == reference


@given(access_codes)
def test_formatted_access_code_can_be_parsed(code: str) -> None:
    assert parse_access_code(format_access_code(code)) == code


def test_generated_references_are_distinct() -> None:
    random = SystemRandom()

    assert len({generate_reference(random) for _ in range(2_000)}) == 2_000


@given(references, some.lists(gaps, min_size=12, max_size=12), typings)
def test_noise_in_a_reference_is_tolerated(
    reference: str, noise: list[str], typed: Callable[[str], str]
) -> None:
    noisy = "".join(gap + symbol for gap, symbol in zip(noise, reference, strict=True))

    assert parse_reference(typed(noisy)) == reference


@given(access_codes, some.lists(gaps, min_size=11, max_size=11), typings)
def test_noise_in_an_access_code_is_tolerated(
    code: str, noise: list[str], typed: Callable[[str], str]
) -> None:
    noisy = "".join(gap + digit for gap, digit in zip(noise, format_access_code(code), strict=True))

    assert parse_access_code(typed(noisy)) == code


@given(some.text())
def test_parsing_any_text_is_idempotent_or_none(text: str) -> None:
    reference, code = parse_reference(text), parse_access_code(text)

    assert reference is None or parse_reference(reference) == reference
    assert code is None or parse_access_code(code) == code
