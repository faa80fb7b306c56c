"""The shapes of one word meet in search; different words do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.language.normalisation import get_stem, list_stems


@pytest.mark.parametrize(
    "shapes",
    [
        "مدرسة مدرسه المدرسة والمدرسة بالمدرسة للمدرسة",
        "حفرة الحفرة حفره عالحفرة",
        "كهرباء الكهرباء كهربا بالكهربا",
        "موظف موظفين الموظفون موظفها",
        "street streets",
        "licence licences",
    ],
)
def test_inflected_forms_have_one_stem(shapes: str) -> None:
    assert len(set(list_stems(shapes))) == 1


def test_different_words_have_different_stems() -> None:
    assert len(set(list_stems("جواز جسر حفرة إنارة ماء مسجد"))) == 6


@given(st.text(max_size=40))
def test_stem_is_part_of_the_word(text: str) -> None:
    for word in text.split():
        assert get_stem(word) in word
