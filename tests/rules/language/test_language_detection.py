"""In which language a text is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.language.language_detection import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("الشارع معتم من أسبوع", "ar"),
        ("شو صار بطلبي؟", "ar"),
        ("فاتورة JEPCO غلط", "ar"),
        ("The street has been dark for a week", "en"),
        ("Need a permit for 3 rooms and 2 kitchens by 5pm", "en"),
        ("el share3 m3attam mn osboo3", "arabizi"),
        ("3endi mo3amale bel a7wal w ma 7ada rad", "arabizi"),
        ("shu lazem a3mel", "arabizi"),
        ("12345", "other"),
        ("", "other"),
        ("😡😡", "other"),
        ("вода", "other"),
    ],
)
def test_language_is_detected_by_letters_and_function_words(text: str, language: str) -> None:
    assert detect_language(text) == language


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=80))
def test_any_text_has_an_answer(text: str) -> None:
    assert detect_language(text) in {"ar", "en", "arabizi", "other"}
