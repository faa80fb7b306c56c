"""Weighing a text: rules that fire, concepts that are met, its words and pieces of words, each with a weight.

The weights are learned from labelled lines (`tools/weigh.py`) and kept as a readable table, so that what they say of
a text can be traced to its words. The table knows no line by heart: a feature met in one line only is not learned.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from .folding import words
from .lexicon import Hit, Places
from .likeness import features as words_and_pieces
from .reading import as_arabic
from .stems import stem

NEAR = 12  # words between two concepts of a pair
LONGEST_TEXT = 1_500  # what is read by words and pieces; concepts and rules read more
_SIZES = (3, 4, 5)  # letters of a piece
_CONCEPT = 0.6
_PAIR = 0.42  # a pair counts less than a concept of its own


def features(text: str, places: Places, rule: Hit | None) -> dict[str, float]:
    """What is weighed: `!` rules, `#` concepts and pairs of them near each other, `=` stems, and pieces of words."""
    found = dict(_written(text[:LONGEST_TEXT]))
    met = sorted(concept for concept in places if places[concept])
    where = {concept: sorted(places[concept]) for concept in met}
    found |= {f"#{concept}": _CONCEPT for concept in met}
    for at, first in enumerate(met):
        for second in met[at + 1 :]:
            if _near(where[first], where[second]):
                found[f"#{first}+{second}"] = _PAIR
    if rule:
        found |= {"!": 1.0, f"!{rule.code}": 1.0}
    return found


@lru_cache(maxsize=8)  # the gate and the danger list read the same text one after the other
def _written(text: str) -> Mapping[str, float]:
    whole, pieces = words_and_pieces(as_arabic(text))
    found: dict[str, float] = {}
    for part in (whole, Counter({piece: n for piece, n in pieces.items() if len(piece) in _SIZES})):
        weights = {name: 1.0 if times == 1 else 1 + math.log(times) for name, times in part.items()}
        length = math.sqrt(sum([weight * weight for weight in weights.values()])) or 1.0
        found |= {name: weight / length for name, weight in weights.items()}
    return found


def _near(one: list[int], other: list[int]) -> bool:
    """Whether two lists of places, each in order, come within `NEAR` of each other. Linear: texts may be hostile."""
    left = right = 0
    while left < len(one) and right < len(other):
        if abs(one[left] - other[right]) <= NEAR:
            return True
        if one[left] < other[right]:
            left += 1
        else:
            right += 1
    return False


class Scales:
    """A table of weights; above its threshold a text counts as speaking of the matter."""

    def __init__(self, bias: float, threshold: float, weights: Mapping[str, float]):
        self.bias = bias
        self.threshold = threshold
        self.weights = weights

    @classmethod
    def read(cls, name: str) -> "Scales":
        """The table in `words/{name}.weights.json`."""
        path = Path(__file__).parent / "words" / f"{name}.weights.json"
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def score(self, found: Mapping[str, float]) -> float:
        """How strongly features speak for the matter."""
        weights = self.weights
        return self.bias + sum([weights[name] * size for name, size in found.items() if name in weights])

    def tip(self, found: Mapping[str, float]) -> bool:
        """Whether they pass the threshold."""
        return self.score(found) > self.threshold

    def words(self, text: str, places: Places, most: int = 4) -> tuple[str, ...]:
        """The words of the text that weigh most for the matter, in their order."""
        weight: Counter[str] = Counter()
        for word in words(text[:LONGEST_TEXT]):
            weight[word] = max(weight[word], self.weights.get(f"={stem(word)}", 0.0))  # type: ignore[assignment]
        for concept, met in places.items():
            for word in met.values():
                weight[word] += max(0.0, self.weights.get(f"#{concept}", 0.0))  # type: ignore[assignment]
        heaviest = {word for word, share in weight.most_common(most) if share > 0}
        return tuple(word for word in weight if word in heaviest)
