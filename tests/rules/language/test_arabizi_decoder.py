"""Arabizi, read as Arabic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.language.arabizi_decoder import decode_words, to_arabic


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("el kahraba ma2too3a 3anna", "الكهربا"),
        ("lampat el shari3 kollha ma7roo2a", "الشارع"),
        ("3amood el kahraba maksoor w 7ada ma ija", "مكسور"),
        ("bedi ajadded el jawaz emta bel markaz", "جواز"),
    ],
)
def test_arabizi_words_are_decoded(typed: str, read: str) -> None:
    assert read in to_arabic(typed)


def test_unknown_words_stay_as_typed() -> None:
    assert "facebookmessenger" in to_arabic("el facebookmessenger khorban w 7ada ma 3am yrod").split()


def test_decoded_words_keep_the_typed_form() -> None:
    assert ("كهربا" in dict(decode_words("kahraba ma2too3a")), dict(decode_words("kahraba"))) == (
        True,
        {"كهربا": "kahraba"},
    )


def test_arabic_and_english_are_only_folded() -> None:
    assert to_arabic("أين الكهرباء؟") == "اين الكهربا"
    assert to_arabic("Where is the water?") == "where is the water"


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=200))
def test_any_text_can_be_decoded(text: str) -> None:
    assert isinstance(to_arabic(text), str)
    assert isinstance(decode_words(text), list)
