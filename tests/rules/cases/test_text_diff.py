"""What an approver sees of a reply that was changed: both texts in one, the changed words marked."""

from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.cases.rules.text_diff import compute_difference

BEFORE = "أصلحنا الحفرة أمام المدرسة.\nنفّذ العمل قسم صيانة الشوارع."
AFTER = "أصلحنا الحفرة أمام المدرسة يوم الأحد 6 كانون الأول.\nنفّذ العمل قسم صيانة الشوارع."


def test_words_that_came_stand_among_those_that_stayed() -> None:
    assert [part for part in compute_difference(BEFORE, AFTER) if part.what != "same"] == [
        ("new", " يوم الأحد 6 كانون الأول"),
    ]  # fmt: skip


def test_the_same_text_is_one_part_and_an_emptied_one_is_gone() -> None:
    assert compute_difference(BEFORE, BEFORE) == [("same", BEFORE)]
    assert compute_difference(BEFORE, "") == [("gone", BEFORE)]
    assert compute_difference("", "") == []


def test_of_two_texts_with_little_in_common_each_stands_whole() -> None:
    other = "لا يتبع هذا الشارع للأمانة، والمسؤول عنه وزارة الأشغال."
    assert compute_difference("أصلحنا الحفرة.", other) == [("gone", "أصلحنا الحفرة."), ("new", other)]


def test_a_text_of_one_word_over_and_over_takes_no_time() -> None:
    assert compute_difference("نعم " * 2000, "نعم " * 1999)[0].what == "gone"


words = st.text("ابت .\n،a", max_size=60)


@given(words, words)
def test_both_texts_can_be_read_from_it(before: str, after: str) -> None:
    parts = compute_difference(before, after)
    assert "".join(part.text for part in parts if part.what != "new") == before
    assert "".join(part.text for part in parts if part.what != "gone") == after
    assert all(part.text for part in parts)
