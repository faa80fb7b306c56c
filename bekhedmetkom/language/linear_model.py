"""Linear text classifier over rule, concept, word and character n-gram features.

`tools/model_training.py` learns the weights from labelled lines and writes them as a readable JSON table. Features of
a single line are not learned. Training uses named features (`build_features`); `LinearModel.score` computes the same
sum ten times faster.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nlargest
from itertools import pairwise
from pathlib import Path
from typing import Generic, TypeVar

from .arabizi_decoder import to_arabic
from .lexicon import ConceptPositions, Hit
from .naive_bayes import build_ngrams, list_content_stems
from .normalisation import get_stem, split_words

Term = TypeVar("Term", bound=Hashable)

PAIR_WINDOW = 12  # maximum distance in words of a pair of concepts
MAX_TEXT_LENGTH = 1_500  # characters read for words and n-grams; concepts and rules read more
_NGRAM_SIZES = (3, 4, 5)  # characters
_CONCEPT_VALUE = 0.6
_PAIR_VALUE = 0.42  # a pair counts less than a single concept


def build_features(text: str, places: ConceptPositions, rule: Hit | None) -> dict[str, float]:
    """Return the features: `!` rules, `#` concepts and near pairs of them, `=` stems, and n-grams without a prefix."""
    written = _get_text_features(text[:MAX_TEXT_LENGTH])
    whole = {
        f"={term if isinstance(term, str) else ' '.join(term)}": size
        for term, size in written.stems.list_values()
    }
    in_words: defaultdict[str, float] = defaultdict(float)
    for word, size in written.words.list_values():
        for piece in _get_ngrams(word):
            in_words[piece] += size
    return {**whole, **in_words, **dict(_list_concept_features(places, rule, None))}


class _TermValues(Generic[Term]):
    """Term values with logarithmic term frequency, normalised to length 1.

    `terms`: the distinct terms; `repeat_bonus`: extra value of repeated terms; `length`: the norm to divide by.
    """

    def __init__(self, terms: Sequence[Term], parts: Callable[[Term], int] | None = None):
        """`parts` counts the n-grams of a term where those carry the weights."""
        times = Counter(terms)
        self.terms = times.keys()
        self.repeat_bonus = {term: math.log(count) for term, count in times.items() if count > 1}
        square: float = sum(map(parts, times)) if parts else len(times)
        for term, more in self.repeat_bonus.items():
            square += (2 + more) * more * (parts(term) if parts else 1)
        self.length = math.sqrt(square) or 1.0

    def list_values(self) -> Iterator[tuple[Term, float]]:
        return ((term, (1 + self.repeat_bonus.get(term, 0.0)) / self.length) for term in self.terms)


@dataclass(frozen=True, slots=True)
class _TextFeatures:
    """Stems with pairs of stems, and words, whose n-grams are weighted."""

    stems: _TermValues[str | tuple[str, str]]
    words: _TermValues[str]


@lru_cache(maxsize=8)  # corruption and danger read the same text one after the other
def _get_text_features(text: str) -> _TextFeatures:
    words = to_arabic(text).split()
    roots = list_content_stems(words)
    return _TextFeatures(_TermValues([*roots, *pairwise(roots)]), _TermValues(words, _count_ngrams))


@lru_cache(maxsize=20_000)
def _get_ngrams(word: str) -> list[str]:
    return build_ngrams(word, _NGRAM_SIZES)


@lru_cache(maxsize=20_000)
def _count_ngrams(word: str) -> int:
    return len(_get_ngrams(word))


def _list_concept_features(
    places: ConceptPositions, rule: Hit | None, weighed: Container[str] | None
) -> Iterator[tuple[str, float]]:
    """Yield features of the matched rule, of the concepts, and of pairs of near concepts.

    Pairs without a weight in `weighed` are skipped.
    """
    met = [(concept, sorted(places[concept])) for concept in sorted(places) if places[concept]]
    for at, (first, there) in enumerate(met):
        yield f"#{first}", _CONCEPT_VALUE
        for second, here in met[at + 1 :]:
            pair = f"#{first}+{second}"
            if (weighed is None or pair in weighed) and _is_near(there, here):
                yield pair, _PAIR_VALUE
    if rule:
        yield "!", 1.0
        yield f"!{rule.code}", 1.0


def _is_near(one: list[int], other: list[int]) -> bool:
    """Whether two sorted lists of positions come within `PAIR_WINDOW`. Linear time, because texts may be hostile."""
    left = right = 0
    while left < len(one) and right < len(other):
        if abs(one[left] - other[right]) <= PAIR_WINDOW:
            return True
        if one[left] < other[right]:
            left += 1
        else:
            right += 1
    return False


class LinearModel:
    """A table of weights with a threshold, above which a text is positive."""

    def __init__(self, bias: float, threshold: float, weights: Mapping[str, float]):
        self.bias = bias
        self.threshold = threshold
        self.weights = weights
        self._stem_weights = {
            _parse_stem_feature(name): weight for name, weight in weights.items() if name.startswith("=")
        }
        self._ngram_scores = lru_cache(maxsize=20_000)(self._score_ngrams)

    def score(self, text: str, places: ConceptPositions, rule: Hit | None) -> float:
        """Return the weighted sum of the features of a text."""
        written = _get_text_features(text[:MAX_TEXT_LENGTH])
        whole, words = written.stems, written.words
        known, in_pieces, weights = self._stem_weights, self._ngram_scores, self.weights
        return (
            self.bias
            + sum(
                [
                    weights[name] * size
                    for name, size in _list_concept_features(places, rule, weights)
                    if name in weights
                ]
            )
            + sum([known[one] for one in whole.terms if one in known]) / whole.length
            + sum([known[one] * more for one, more in whole.repeat_bonus.items() if one in known])
            / whole.length
            + sum(map(in_pieces, words.terms)) / words.length
            + sum([in_pieces(word) * more for word, more in words.repeat_bonus.items()]) / words.length
        )

    def _score_ngrams(self, word: str) -> float:
        """Return the sum of the weights of a word's n-grams."""
        return sum([self.weights.get(piece, 0.0) for piece in _get_ngrams(word)])

    def is_positive(self, text: str, places: ConceptPositions, rule: Hit | None) -> bool:
        """Whether the score is above the threshold."""
        return self.score(text, places, rule) > self.threshold

    def get_top_words(self, text: str, places: ConceptPositions, most: int = 4) -> tuple[str, ...]:
        """Return the words of the text with the highest weights, in text order."""
        weight: dict[str, float] = {}
        for word in split_words(text[:MAX_TEXT_LENGTH]):
            weight[word] = max(weight.get(word, 0.0), self.weights.get(f"={get_stem(word)}", 0.0))
        for concept, met in places.items():
            for word in met.values():
                weight[word] = weight.get(word, 0.0) + max(0.0, self.weights.get(f"#{concept}", 0.0))
        heaviest = {word for word in nlargest(most, weight, key=weight.__getitem__) if weight[word] > 0}
        return tuple(word for word in weight if word in heaviest)


def _parse_stem_feature(name: str) -> str | tuple[str, ...]:
    """Return the stem, or the pair of stems, of a feature name."""
    stems = name.removeprefix("=").split(" ")
    return stems[0] if len(stems) == 1 else tuple(stems)


@cache
def load_model(name: str) -> LinearModel:
    """Return the model of `words/{name}.weights.json`, loaded at first use."""
    path = Path(__file__).parent / "words" / f"{name}.weights.json"
    return LinearModel(**json.loads(path.read_text(encoding="utf-8")))
