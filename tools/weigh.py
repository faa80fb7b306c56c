"""Learns how much each concept of the gate and of the danger list weighs, from labelled lines.

    python tools/weigh.py corruption|danger     rewrites bekhedmetkom/language/words/….weights.json
    python tools/weigh.py corruption --try      only prints what cross-validation says

Logistic regression in pure Python without chance: the same lines give the same table.
"""

import argparse
import csv
import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from bekhedmetkom.language.danger import LEXICON as DANGER
from bekhedmetkom.language.gate import LEXICON as GATE
from bekhedmetkom.language.scales import Scales, features

ROOT = Path(__file__).resolve().parent.parent
LEXICONS = {"corruption": GATE, "danger": DANGER}
TABLES = {"corruption": "gate", "danger": "danger"}
FALSE_ALARMS = {"corruption": 0.045, "danger": 0.02}  # on the development set, by cross-validation
ROUNDS, PENALTY, STEP, FOLDS = 15, 1e-3, 0.1, 8
LEAST = 2  # a concept or pair seen in fewer lines is not learned
WEIGHT_OF_A_HIT = 2.0  # a miss costs more than a false alarm

Example = tuple[dict[str, float], bool]


def read(matter: str) -> tuple[list[Example], list[Example]]:
    """Our own lines and the development set, as features and labels."""
    lexicon = LEXICONS[matter]

    def lines(path: Path) -> list[Example]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [(features(lexicon.find(row["text"])), row[matter] == "1") for row in csv.DictReader(file)]

    return lines(ROOT / "data" / "language" / f"{matter}.csv"), lines(ROOT / "data" / "messages" / "dev.csv")


def learn(examples: Sequence[Example]) -> tuple[float, dict[str, float]]:
    """Bias and weights, by stochastic gradient descent with a step of its own for each weight (AdaGrad)."""
    seen = Counter(name for found, _ in examples for name in found)
    lines = [({n: v for n, v in found.items() if seen[n] >= LEAST}, label) for found, label in examples]
    bias, bias_squares = -1.0, 1e-6
    weights: defaultdict[str, float] = defaultdict(float)
    squares: defaultdict[str, float] = defaultdict(lambda: 1e-6)
    for turn in range(ROUNDS):
        for at in mixed(len(lines), turn):
            found, label = lines[at]
            error = (chance(bias, weights, found) - label) * (WEIGHT_OF_A_HIT if label else 1.0)
            bias_squares += error * error
            bias -= STEP * error / math.sqrt(bias_squares)
            for name, size in found.items():
                slope = error * size + PENALTY * weights[name]
                squares[name] += slope * slope
                weights[name] -= STEP * slope / math.sqrt(squares[name])
    return bias, dict(weights)


def mixed(count: int, turn: object) -> list[int]:
    """The numbers below `count` in an order that looks random and is always the same."""
    return sorted(range(count), key=lambda at: sha256(f"{turn} {at}".encode()).digest())


def chance(bias: float, weights: dict[str, float], found: dict[str, float]) -> float:
    score = bias + sum(weights.get(name, 0.0) * size for name, size in found.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def held_out_scores(examples: Sequence[Example]) -> list[float]:
    """The score that each line gets from a table learned without it."""
    order = mixed(len(examples), "folds")
    scores = [0.0] * len(examples)
    for fold in range(FOLDS):
        held = set(order[fold::FOLDS])
        bias, weights = learn([example for at, example in enumerate(examples) if at not in held])
        for at in held:
            scores[at] = bias + sum(weights.get(n, 0.0) * size for n, size in examples[at][0].items())
    return scores


def threshold_for(scores: Sequence[float], labels: Sequence[bool], alarms: float) -> float:
    quiet = sorted((s for s, label in zip(scores, labels, strict=True) if not label), reverse=True)
    return quiet[int(alarms * len(quiet))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("matter", choices=LEXICONS)
    parser.add_argument("--try", action="store_true", dest="only_try")
    arguments = parser.parse_args()
    own, development = read(arguments.matter)
    scores = held_out_scores(own + development)
    for name, part, its in (
        ("own", own, scores[: len(own)]),
        ("development", development, scores[len(own) :]),
    ):
        labels = [label for _, label in part]
        for alarms in (0.02, 0.03, 0.04, 0.05):
            limit = threshold_for(its, labels, alarms)
            hits = sum(score > limit for score, label in zip(its, labels, strict=True) if label)
            print(f"{name}: false alarms {alarms}: recall {hits / sum(labels):.3f} at {limit:.2f}")
    if arguments.only_try:
        return
    labels = [label for _, label in development]
    limit = threshold_for(scores[len(own) :], labels, FALSE_ALARMS[arguments.matter])
    bias, weights = learn(own + development)
    table = Scales(
        round(bias, 3),
        round(limit, 3),
        {n: round(w, 3) for n, w in sorted(weights.items()) if abs(w) >= 0.005},
    )
    path = ROOT / "bekhedmetkom" / "language" / "words" / f"{TABLES[arguments.matter]}.weights.json"
    path.write_text(json.dumps(vars(table), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
