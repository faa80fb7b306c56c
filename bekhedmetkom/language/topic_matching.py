"""Matching of a text to catalogue topics by stems and character n-grams of the topics' names."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from .arabizi_decoder import build_skeleton
from .language_detection import detect_language
from .naive_bayes import STOPWORDS, get_ngrams
from .normalisation import fold_text, get_stem, split_words
from .sparse_weights import FloatArray, IndexArray, SparseWeights, count_rows

_MAX_DOCUMENT_SHARE = 0.12  # n-grams in a larger share of the topics are ignored
_NGRAM_WEIGHT = 0.3  # weight of an n-gram relative to a whole word
_MIN_NGRAM_LENGTH = 3  # characters
_MAX_NAME_SCORE, _KIND_BONUS = 2.0, 0.15  # maximum score of a name; bonus for its usual kind of case


class TopicNames(NamedTuple):
    """A topic's names, its usual kind of case, and its owner: a body or a role."""

    owner: str
    name_ar: str
    name_en: str
    kind: str


class TopicMatcher:
    """Index of topics by number; immutable once built. Topics shared by a role's bodies count once."""

    def __init__(self, topics: Iterable[TopicNames]):
        documents: dict[tuple[str, str], tuple[dict[str, float], str]] = {}
        for topic in topics:
            names = f"{topic.name_ar} {topic.name_en}"
            documents.setdefault(
                (topic.owner, fold_text(topic.name_ar)), (_extract_name_features(names), topic.kind)
            )
        self.owners = [owner for owner, _name in documents]
        self.names = [name for _owner, name in documents]  # folded
        self._usual_kinds = np.array([kind for _features, kind in documents.values()], dtype=str)
        self._numbers_of: defaultdict[str, list[int]] = defaultdict(list)
        for number, owner in enumerate(self.owners):
            self._numbers_of[owner].append(number)
        self._row: dict[str, int] = {}
        self._table = self._build_weights([features for features, _kind in documents.values()])
        self._rows_of = lru_cache(maxsize=20_000)(self._find_rows)  # most words recur daily

    def get_topic_numbers(self, owner: str) -> Sequence[int]:
        """Return the numbers of an owner's topics."""
        return self._numbers_of.get(owner, ())

    def score_topics(self, text: str, kind: str | None) -> FloatArray:
        """Return the score of each topic, with a bonus for topics whose usual kind is `kind`."""
        arabizi = detect_language(text) == "arabizi"
        rows, _ = count_rows(self._rows_of(word, arabizi) for word in split_words(text))
        scores = self._table.sum_rows(rows, np.ones(len(rows)))
        met = scores > 0
        likeness = np.zeros(len(self.names))
        likeness[met] = _MAX_NAME_SCORE * np.tanh(scores[met] / 6)
        if kind:
            likeness[met & (self._usual_kinds == kind)] += _KIND_BONUS
        return likeness

    def _build_weights(self, documents: Sequence[dict[str, float]]) -> SparseWeights:
        """Return TF-IDF weights of the features by topic."""
        seen = Counter(feature for features in documents for feature in features)
        most = max(8, _MAX_DOCUMENT_SHARE * len(documents))
        cells: list[tuple[int, int, float]] = []
        for number, features in enumerate(documents):
            weights = {
                f: n * math.log(1 + len(documents) / seen[f]) for f, n in features.items() if seen[f] <= most
            }
            norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            for feature, weight in weights.items():
                row = self._row.setdefault(feature, len(self._row))
                share = weight * math.log(1 + len(documents) / seen[feature]) / norm
                cells.append((row, number, features[feature] * share))
        rows, numbers, shares = np.array(sorted(cells)).reshape(-1, 3).T
        return SparseWeights(
            rows.astype(np.intp), numbers.astype(np.intp), shares.copy(), (len(self._row), len(documents))
        )

    def _find_rows(self, word: str, arabizi: bool) -> IndexArray:
        found = (self._row.get(feature) for feature in _extract_word_features(word, arabizi=arabizi))
        return np.array([row for row in found if row is not None], dtype=np.intp)


def _extract_name_features(name: str) -> dict[str, float]:
    """Return the weighted stems, n-grams and Arabizi skeletons of a topic's names."""
    return {
        feature: weight
        for word in split_words(name)
        for arabizi in (True, False)
        if not (arabizi and word.isascii())
        for feature, weight in _extract_word_features(word, arabizi=arabizi).items()
    }


def _extract_word_features(word: str, *, arabizi: bool) -> dict[str, float]:
    """Return the skeleton of an Arabizi word, or the stem and n-grams of any other, with weights."""
    if word in STOPWORDS or len(word) < 2 or word.isdigit():
        return {}
    root = get_stem(word)
    if arabizi:
        return {f"~{skeleton}": 1.0} if len(skeleton := build_skeleton(root)) >= 3 else {}
    return {f"={root}": 1.0} | {
        piece: _NGRAM_WEIGHT for piece in get_ngrams(word) if len(piece) >= _MIN_NGRAM_LENGTH
    }
