"""What a function said of each word, kept: most words of a text are met daily, and each is asked about many times."""

from collections.abc import Callable
from typing import TypeVar

V = TypeVar("V")
_MAX_WORD_LENGTH = 40  # letters of what is kept; more is no word, and many of it would fill the memory


def cache_by_word(most: int) -> Callable[[Callable[[str], V]], Callable[[str], V]]:
    """Keep what a function of one word said of so many words at most; then it begins anew.

    As `lru_cache`, but for the order in which they were asked for: keeping that moves four objects each time, which
    takes longer than looking a word up, and a text is hundreds of look-ups.
    """

    def decorate(function: Callable[[str], V]) -> Callable[[str], V]:
        return _WordCache(function, most).__getitem__

    return decorate


class _WordCache(dict[str, V]):
    def __init__(self, function: Callable[[str], V], most: int):
        super().__init__()
        self._function, self._most = function, most

    def __missing__(self, word: str) -> V:
        said = self._function(word)
        if len(word) <= _MAX_WORD_LENGTH:
            if len(self) >= self._most:
                self.clear()
            self[word] = said
        return said
