"""Whose lines does a text resemble, by words, pairs of words and pieces of words? Naive Bayes, learned in a second.

Each owner (a body, or a role that each place has a body for) has lines that are known to be its own: topics of the
catalogue and what people say when they mean it. Nothing is kept on disk: the lines are the model.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .reading import as_arabic
from .stems import stem
from .word_lists import read_concepts

STOPS = frozenset(read_concepts("stops")["stops"].split(", "))
_SMOOTHING = 0.05
_SIZES = (2, 3, 4, 5)  # letters of a piece
_ROUNDING = 1e-9

Numbers: TypeAlias = npt.NDArray[np.floating[Any]]


def stems_of(text: str) -> list[tuple[str, str]]:
    """The words that count, as stems, each with the word; the text is read already (`reading.as_arabic`)."""
    return [(stem(word), word) for word in text.split() if word not in STOPS]


def features(text: str) -> tuple[Counter[str], Counter[str]]:
    """Stems with their pairs, and pieces of words with the blanks beside them."""
    return whole_words(text), Counter(chain.from_iterable(map(pieces_of, text.split())))


def whole_words(text: str) -> Counter[str]:
    """Stems and their pairs."""
    roots = [root for root, _ in stems_of(text)]
    return Counter([f"={root}" for root in roots] + [f"={one} {other}" for one, other in pairwise(roots)])


@lru_cache(maxsize=20_000)  # most words of a text are met daily
def pieces_of(word: str) -> tuple[str, ...]:
    """The pieces of a word, shortest first, with the blanks beside it."""
    padded, found = f" {word} ", []
    for size in _SIZES:
        found += [padded[start : start + size] for start in range(max(len(padded) - size, 0) + 1)]
        if len(padded) <= size:
            break
    return tuple(found)


@lru_cache(maxsize=4)
def likeness_to(lines: tuple[tuple[int, str], ...], owners: int) -> "Likeness":
    """A `Likeness` to lines as they are written; the same one as long as the catalogue says the same."""
    return Likeness(((owner, as_arabic(line)) for owner, line in lines), owners)


class Likeness:
    """Lines by their owner, ready to say whose a text sounds like; never changed once built."""

    def __init__(self, lines: Iterable[tuple[int, str]], owners: int):
        """`lines`: the number of the owner and a text as `reading.as_arabic` gives it."""
        known = [(owner, features(text)) for owner, text in lines]
        seen: Counter[str] = Counter()
        for _, parts in known:
            for part in parts:
                seen.update(part.keys())
        self._rarity = {name: math.log((1 + len(known)) / (1 + lines)) + 1 for name, lines in seen.items()}
        self._row = {name: row for row, name in enumerate(seen)}
        told: list[tuple[int, float]] = []  # cell (row and owner as one number), weight
        for owner, parts in known:
            told += [(self._row[name] * owners + owner, w) for name, w in self._weights(parts).items()]
        cells, at = np.unique(np.array([cell for cell, _ in told], dtype=np.int64), return_inverse=True)
        size = np.bincount(at, weights=np.array([weight for _, weight in told]), minlength=len(cells))
        row, self._owner = np.divmod(cells, max(owners, 1))
        totals = np.bincount(self._owner, weights=size, minlength=owners)
        self._told = np.log1p(size / _SMOOTHING).astype(np.float32)
        self._start = np.searchsorted(row, np.arange(len(seen) + 1))
        self._silence = math.log(_SMOOTHING) - np.log(totals + _SMOOTHING * max(len(seen), 1))
        self._owners = owners

    def knows(self, text: str) -> bool:
        """Whether any word of the text is met in a line."""
        return any(f"={root}" in self._row for root, _ in stems_of(text))

    def of(self, text: str) -> Numbers:
        """For each owner how far its lines are from the text's likeliest owner: 0 for that one, the rest below."""
        weights = self._weights(features(text))
        if not weights:
            return np.zeros(self._owners)
        spans = [(self._start[row], self._start[row + 1]) for row in map(self._row.__getitem__, weights)]
        cells = np.concatenate([np.arange(start, end) for start, end in spans])
        shares = np.repeat(list(weights.values()), [end - start for start, end in spans])
        total = sum(weights.values())
        heard = np.bincount(self._owner[cells], weights=self._told[cells] * shares, minlength=self._owners)
        heard += total * self._silence
        likeness: Numbers = (heard - heard.max()) / math.sqrt(total + _ROUNDING)
        return likeness

    def words_for(self, owner: int, text: str, most: int = 3) -> list[str]:
        """The words of the text that speak for the owner and for few others, in their order."""
        weights: dict[str, float] = {}
        for root, word in stems_of(text):
            row = self._row.get(f"={root}")
            if row is None or len(word) < 3:
                continue
            told = self._owner[self._start[row] : self._start[row + 1]]
            if owner in told and len(told) <= self._owners / 6:
                weights[word] = self._rarity[f"={root}"]
        best = sorted(weights, key=lambda word: -weights[word])[:most]
        return [word for word in weights if word in best]

    def _weights(self, parts: Sequence[Counter[str]]) -> dict[str, float]:
        """How much each known feature counts: the rarer the more; words and pieces have the same say in all."""
        weights: dict[str, float] = {}
        for part in parts:
            known = {
                name: (1 + math.log(times)) * self._rarity[name]
                for name, times in part.items()
                if name in self._row
            }
            length = math.sqrt(sum(weight * weight for weight in known.values()))
            weights |= {name: weight / length for name, weight in known.items()}
        return weights
