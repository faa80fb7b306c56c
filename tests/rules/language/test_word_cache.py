"""What is known of a word is worked out once, and never more of it than there is room for."""

from collections.abc import Callable

import pytest

from bekhedmetkom.language.word_cache import cache_by_word


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def length(asked: list[str]) -> Callable[[str], int]:
    def counted(word: str) -> int:
        asked.append(word)
        return len(word)

    return cache_by_word(3)(counted)


def test_a_word_is_asked_about_once_until_there_are_too_many(
    asked: list[str], length: Callable[[str], int]
) -> None:
    assert [length(word) for word in ("ماء", "ماء", "كهرباء", "طريق")] == [3, 3, 6, 4]
    assert asked == ["ماء", "كهرباء", "طريق"]
    assert [length("حديقة"), length("ماء")] == [5, 3]
    assert asked[3:] == ["حديقة", "ماء"]


def test_what_is_too_long_for_a_word_is_not_kept(asked: list[str], length: Callable[[str], int]) -> None:
    assert length("ا" * 41) == length("ا" * 41) == 41
    assert len(asked) == 2
