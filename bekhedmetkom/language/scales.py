"""Weighing what was found in a text: concepts, and pairs of concepts near each other.

The weights are learned from labelled lines (`tools/weigh.py`) and kept as a readable table. They know concepts
only, never phrases: what they say of a text can be traced to words of the lists.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from .lexicon import Places

NEAR = 12  # words between two concepts of a pair
_PAIR_SHARE = 0.7  # a pair counts less than a concept of its own


def features(places: Places) -> dict[str, float]:
    """Each concept that was met, and each pair of concepts met within `NEAR` words, as `a+b` in order."""
    met = sorted(places)
    where = {concept: sorted(places[concept]) for concept in met}
    found = dict.fromkeys(met, 1.0)
    for at, first in enumerate(met):
        for second in met[at + 1 :]:
            if _near(where[first], where[second]):
                found[f"{first}+{second}"] = _PAIR_SHARE
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

    def score(self, places: Places) -> float:
        return self.bias + sum(self.weights.get(name, 0.0) * size for name, size in features(places).items())

    def words(self, places: Places, most: int = 4) -> tuple[str, ...]:
        """The words that weighed most for it, in their order in the text; none when the threshold is not passed."""
        found = features(places)
        if (
            self.bias + sum(self.weights.get(name, 0.0) * size for name, size in found.items())
            <= self.threshold
        ):
            return ()
        weight: dict[int, float] = {}
        spoken: dict[int, str] = {}
        for name, size in found.items():
            share = self.weights.get(name, 0.0) * size
            for concept in name.split("+"):
                for place, word in places[concept].items():
                    weight[place] = weight.get(place, 0.0) + share
                    spoken[place] = word
        heaviest = sorted(weight, key=lambda place: -weight[place])[:most]
        return tuple(dict.fromkeys(spoken[place] for place in sorted(heaviest)))
