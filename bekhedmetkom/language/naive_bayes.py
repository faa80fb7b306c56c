"""Whose lines does a text resemble, by words, pairs of words and pieces of words? Naive Bayes, learned in a second.

Each owner (a body, or a role that each place has a body for) has lines that are known to be its own: topics of the
catalogue and what people say when they mean it. Nothing is kept on disk: the lines are the model.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, pairwise

import numpy as np

from .arabizi_decoder import to_arabic
from .normalisation import get_stem
from .sparse_weights import FloatArray, IndexArray, SparseWeights, count_rows
from .word_lists import read_concepts

STOPWORDS = frozenset(read_concepts("stopwords")["stops"].split(", "))
_SMOOTHING = 0.05
_NGRAM_SIZES = (2, 3, 4, 5)  # letters of a piece
_ROUNDING = 1e-9


def list_stemmed_words(text: str) -> list[tuple[str, str]]:
    """The words that count, as stems, each with the word; the text is read already (`reading.as_arabic`)."""
    return [(get_stem(word), word) for word in text.split() if word not in STOPWORDS]


def count_features(text: str) -> tuple[Counter[str], Counter[str]]:
    """Stems with their pairs, and pieces of words with the blanks beside them."""
    return count_stems(text), Counter(chain.from_iterable(map(get_ngrams, text.split())))


def count_stems(text: str) -> Counter[str]:
    """Stems and their pairs."""
    roots = list_content_stems(text.split())
    return Counter([f"={root}" for root in roots] + [f"={one} {other}" for one, other in pairwise(roots)])


def list_content_stems(words: Iterable[str]) -> list[str]:
    """The stems of those that count, in order."""
    return list(filter(None, map(_get_content_stem, words)))


@lru_cache(maxsize=20_000)
def _get_content_stem(word: str) -> str:
    return "" if word in STOPWORDS else get_stem(word)


@lru_cache(maxsize=20_000)
def get_ngrams(word: str) -> list[str]:
    """The pieces of a word that are compared."""
    return build_ngrams(word, _NGRAM_SIZES)


def build_ngrams(word: str, sizes: Iterable[int]) -> list[str]:
    """What stands side by side in a word, and the blanks beside it: pieces of so many letters, shortest first."""
    padded = f" {word} "
    return [padded[start : start + size] for size in sizes for start in range(len(padded) - size + 1)]


@lru_cache(maxsize=4)
def get_model(lines: tuple[tuple[int, str], ...], owners: int) -> "NaiveBayes":
    """A `Likeness` to lines as they are written; the same one as long as the catalogue says the same."""
    return NaiveBayes(((owner, to_arabic(line)) for owner, line in lines), owners)


class NaiveBayes:
    """Lines by their owner, ready to say whose a text sounds like; never changed once built."""

    def __init__(self, lines: Iterable[tuple[int, str]], owners: int):
        """`lines`: the number of the owner and a text as `reading.as_arabic` gives it."""
        known = [(owner, count_features(text)) for owner, text in lines]
        seen: Counter[str] = Counter()
        for _, parts in known:
            for part in parts:
                seen.update(part.keys())
        self._rarity = {name: math.log((1 + len(known)) / (1 + lines)) + 1 for name, lines in seen.items()}
        self._row = {name: row for row, name in enumerate(seen)}
        told: list[tuple[int, float]] = []  # cell (row and owner as one number), weight
        for owner, parts in known:
            told += [(self._row[name] * owners + owner, w) for name, w in self._weigh_features(parts).items()]
        cells, at = np.unique(np.array([cell for cell, _ in told], dtype=np.int64), return_inverse=True)
        size = np.bincount(at, weights=np.array([weight for _, weight in told]), minlength=len(cells))
        rows, columns = np.divmod(cells, max(owners, 1))
        totals = np.bincount(columns, weights=size, minlength=owners)
        told_by = np.log1p(size / _SMOOTHING).astype(np.float32)
        self._table = SparseWeights(rows, columns, told_by, (len(seen), owners))
        self._rare = np.array(list(self._rarity.values()))  # by row
        self._rows_of = lru_cache(maxsize=20_000)(self._find_ngram_rows)  # most words of a text are met daily
        self._log_prior = math.log(_SMOOTHING) - np.log(totals + _SMOOTHING * max(len(seen), 1))
        self._owners = owners

    def has_known_word(self, text: str) -> bool:
        """Whether any word of the text is met in a line."""
        return any(f"={root}" in self._row for root, _ in list_stemmed_words(text))

    def score_owners(self, text: str) -> FloatArray:
        """For each owner how far its lines are from the text's likeliest owner: 0 for that one, the rest below."""
        whole = self._find_rows(count_stems(text).elements())
        parts = [count_rows([whole]), count_rows(map(self._rows_of, text.split()))]
        weights = [(1 + np.log(times)) * self._rare[rows] for rows, times in parts]
        weights = [weight / (np.linalg.norm(weight) or 1.0) for weight in weights]
        total = sum(float(weight.sum()) for weight in weights)
        if not total:
            return np.zeros(self._owners)
        heard = self._table.sum_rows(np.concatenate([rows for rows, _ in parts]), np.concatenate(weights))
        heard += total * self._log_prior
        likeness: FloatArray = (heard - heard.max()) / math.sqrt(total + _ROUNDING)
        return likeness

    def list_evidence_words(self, owner: int, text: str, most: int = 3) -> list[str]:
        """The words of the text that speak for the owner and for few others, in their order."""
        weights: dict[str, float] = {}
        for root, word in list_stemmed_words(text):
            row = self._row.get(f"={root}")
            if row is None or len(word) < 3:
                continue
            told = self._table.get_columns(row)
            if len(told) <= self._owners / 6 and owner in told:
                weights[word] = self._rarity[f"={root}"]
        best = sorted(weights, key=lambda word: -weights[word])[:most]
        return [word for word in weights if word in best]

    def _find_ngram_rows(self, word: str) -> IndexArray:
        return self._find_rows(get_ngrams(word))

    def _find_rows(self, names: Iterable[str]) -> IndexArray:
        return np.array([self._row[name] for name in names if name in self._row], dtype=np.intp)

    def _weigh_features(self, parts: Sequence[Counter[str]]) -> dict[str, float]:
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
