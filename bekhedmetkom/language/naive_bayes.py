"""Naive Bayes classifier over stems, pairs of stems and character n-grams.

Each owner (a body, or a role that each place has a body for) has training lines: catalogue topics and phrases of
people. Training takes a second; nothing is stored on disk.
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
_NGRAM_SIZES = (2, 3, 4, 5)  # characters
_ROUNDING = 1e-9


def list_stemmed_words(text: str) -> list[tuple[str, str]]:
    """Return (stem, word) for each word of a text from `to_arabic` that is no stopword."""
    return [(get_stem(word), word) for word in text.split() if word not in STOPWORDS]


def count_features(text: str) -> tuple[Counter[str], Counter[str]]:
    """Count the stems with their pairs, and the n-grams."""
    return count_stems(text), Counter(chain.from_iterable(map(get_ngrams, text.split())))


def count_stems(text: str) -> Counter[str]:
    """Count the stems and their pairs."""
    roots = list_content_stems(text.split())
    return Counter([f"={root}" for root in roots] + [f"={one} {other}" for one, other in pairwise(roots)])


def list_content_stems(words: Iterable[str]) -> list[str]:
    """Return the stems of the words that are no stopwords, in order."""
    return list(filter(None, map(_get_content_stem, words)))


@lru_cache(maxsize=20_000)
def _get_content_stem(word: str) -> str:
    return "" if word in STOPWORDS else get_stem(word)


@lru_cache(maxsize=20_000)
def get_ngrams(word: str) -> list[str]:
    """Return the character n-grams of a word."""
    return build_ngrams(word, _NGRAM_SIZES)


def build_ngrams(word: str, sizes: Iterable[int]) -> list[str]:
    """Return the character n-grams of these sizes, shortest first; the word is padded with blanks."""
    padded = f" {word} "
    return [padded[start : start + size] for size in sizes for start in range(len(padded) - size + 1)]


@lru_cache(maxsize=4)
def get_model(lines: tuple[tuple[int, str], ...], owners: int) -> "NaiveBayes":
    """Return a trained model, cached as long as the lines are the same."""
    return NaiveBayes(((owner, to_arabic(line)) for owner, line in lines), owners)


class NaiveBayes:
    """A trained classifier; immutable once built."""

    def __init__(self, lines: Iterable[tuple[int, str]], owners: int):
        """`lines`: the number of the owner and a text from `to_arabic`."""
        known = [(owner, count_features(text)) for owner, text in lines]
        seen: Counter[str] = Counter()
        for _, parts in known:
            for part in parts:
                seen.update(part.keys())
        self._rarity = {name: math.log((1 + len(known)) / (1 + lines)) + 1 for name, lines in seen.items()}
        self._row = {name: row for row, name in enumerate(seen)}
        told: list[tuple[int, float]] = []  # (cell: row and owner as one number, weight)
        for owner, parts in known:
            told += [(self._row[name] * owners + owner, w) for name, w in self._weigh_features(parts).items()]
        cells, at = np.unique(np.array([cell for cell, _ in told], dtype=np.int64), return_inverse=True)
        size = np.bincount(at, weights=np.array([weight for _, weight in told]), minlength=len(cells))
        rows, columns = np.divmod(cells, max(owners, 1))
        totals = np.bincount(columns, weights=size, minlength=owners)
        told_by = np.log1p(size / _SMOOTHING).astype(np.float32)
        self._table = SparseWeights(rows, columns, told_by, (len(seen), owners))
        self._rare = np.array(list(self._rarity.values()))  # by row
        self._rows_of = lru_cache(maxsize=20_000)(self._find_ngram_rows)  # most words recur daily
        self._log_prior = math.log(_SMOOTHING) - np.log(totals + _SMOOTHING * max(len(seen), 1))
        self._owners = owners

    def has_known_word(self, text: str) -> bool:
        """Whether any word of the text occurs in a line."""
        return any(f"={root}" in self._row for root, _ in list_stemmed_words(text))

    def score_owners(self, text: str) -> FloatArray:
        """Return a log score for each owner: 0 for the likeliest, negative for the rest."""
        whole = self._find_rows(count_stems(text).elements())
        parts = [count_rows([whole]), count_rows(map(self._rows_of, text.split()))]
        weights = [(1 + np.log(times)) * self._rare[rows] for rows, times in parts]
        weights = [weight / (np.linalg.norm(weight) or 1.0) for weight in weights]
        total = sum(float(weight.sum()) for weight in weights)
        if not total:
            return np.zeros(self._owners)
        scores = self._table.sum_rows(np.concatenate([rows for rows, _ in parts]), np.concatenate(weights))
        scores += total * self._log_prior
        likeness: FloatArray = (scores - scores.max()) / math.sqrt(total + _ROUNDING)
        return likeness

    def list_evidence_words(self, owner: int, text: str, most: int = 3) -> list[str]:
        """Return the words of the text that point to the owner and few others, in text order."""
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
        """Return TF-IDF weights of the known features; words and n-grams are normalised separately."""
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
