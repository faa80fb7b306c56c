"""Train the models of `bekhedmetkom.language` from labelled lines. Deterministic.

    python tools/model_training.py corruption|danger     writes words/{corruption,danger}.weights.json
    python tools/model_training.py destination FOLDER    writes words/destination_ranking.weights.json
                                                         (FOLDER caches the vectors)
    python tools/model_training.py words                 writes words/arabic_vocabulary.txt, for Arabizi decoding

Needs scikit-learn; the platform itself only reads the tables.
"""

import argparse
import json
import textwrap
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bekhedmetkom.language import corruption, danger
from bekhedmetkom.language.normalisation import split_words
from bekhedmetkom.language.word_lists import read_lines
from tools.labelled_data import DATA_FOLDER, list_labelled_lines, load_entries

ROOT = Path(__file__).resolve().parent.parent
WORD_FOLDER = ROOT / "bekhedmetkom" / "language" / "words"
CLASSIFIERS: dict[str, tuple[str, Callable[[str], dict[str, float]]]] = {
    "corruption": ("corruption", corruption.extract_features),
    "danger": ("danger", danger.extract_features),
}
# Share of held-out messages. A missed danger costs more than a case that is read too soon.
FALSE_ALARMS = {"corruption": 0.053, "danger": 0.06}
FOLDS, SEED = 10, 7
MIN_FEATURE_COUNT = 2  # a feature seen in fewer lines is not learned
INVERSE_REGULARISATION = 10.0  # the inverse of the penalty
MAX_FEATURES = 9_000  # features of a table, the heaviest
TEXT_SOURCES = (
    "language/corruption.csv", "language/danger.csv", "demo/texts.csv", "demo/replies.csv", "demo/questions.csv",
    "directory/categories.csv", "directory/entities.csv",
)  # fmt: skip


class TrainingSet:
    """Labelled lines as a feature matrix, with logistic regression."""

    def __init__(self, matter: str) -> None:
        from sklearn.feature_extraction import DictVectorizer

        lines = list(list_labelled_lines(matter))
        self.source = np.array([source for source, *_ in lines])
        self.labels = np.array([label for *_, label in lines])
        table = DictVectorizer()
        matrix = table.fit_transform(CLASSIFIERS[matter][1](text) for _, text, _ in lines).tocsc()
        seen = np.diff(matrix.indptr)
        kept = seen >= MIN_FEATURE_COUNT
        self.names = [name for name, keep in zip(table.feature_names_, kept, strict=True) if keep]
        rare = np.log((1 + len(lines)) / (1 + seen[kept])) + 1
        self.size = np.where([name[0] in "!#" for name in self.names], 3.0, rare) / 3
        self.matrix = matrix[:, kept].tocsr()

    def fit(self, chosen: Any) -> tuple[float, Any]:
        """Return the bias and the weights learned from the chosen lines."""
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=INVERSE_REGULARISATION, class_weight="balanced", max_iter=400)
        model.fit(self.matrix[chosen].multiply(self.size).tocsr(), self.labels[chosen])
        return float(model.intercept_[0]), self.keep_heaviest(model.coef_[0] * self.size)

    @staticmethod
    def keep_heaviest(weights: Any) -> Any:
        """Zero all but the `MAX_FEATURES` heaviest weights."""
        least = np.sort(np.abs(weights))[-min(MAX_FEATURES, len(weights))]
        return np.where(np.abs(weights) >= least, weights, 0.0)

    def score_held_out(self) -> Any:
        """Return the score of each line by cross-validation."""
        fold = np.random.RandomState(SEED).randint(0, FOLDS, len(self.labels))
        scores = np.zeros(len(self.labels))
        for number in range(FOLDS):
            bias, weights = self.fit(fold != number)
            scores[fold == number] = bias + self.matrix[fold == number] @ weights
        return scores


def find_threshold(scores: Any, labels: Any, alarms: float) -> float:
    """Return the threshold at which this share of negative lines is a false alarm."""
    quiet = sorted((s for s, label in zip(scores, labels, strict=True) if not label), reverse=True)
    return float(quiet[int(alarms * len(quiet))])


def train_classifier(matter: str) -> None:
    """Train one classifier, print its held-out figures and write its table."""
    training_set = TrainingSet(matter)
    scores = training_set.score_held_out()
    messages = np.isin(training_set.source, ["dev", "fresh"])
    limit = find_threshold(scores[messages], training_set.labels[messages], FALSE_ALARMS[matter])
    for source in ("dev", "fresh", "own"):
        told, labels = (
            scores[training_set.source == source] > limit,
            training_set.labels[training_set.source == source],
        )
        print(
            f"{source}: recall {told[labels].mean():.3f}, false alarms {told[~labels].mean():.3f}, held out"
        )
    bias, weights = training_set.fit(np.ones(len(scores), dtype=bool))
    table = {
        "bias": round(bias, 3),
        "threshold": round(limit, 3),
        "weights": {
            n: round(float(w), 3) for n, w in sorted(zip(training_set.names, weights, strict=True)) if w
        },
    }
    write_weights(CLASSIFIERS[matter][0], table)


def train_destination_ranking(folder: Path) -> None:
    """Learn the weights of the ranking's scores by five-fold cross-validation over entity_phrases.txt."""
    from scipy.optimize import minimize

    from bekhedmetkom.language.destination_ranking import SCORE_PARTS, DestinationIndex
    from bekhedmetkom.language.embeddings import SentenceEncoder

    parts, right = [], []
    encoder, entries = SentenceEncoder(folder), list(load_entries())
    for part in range(5):
        index = DestinationIndex.build(entries, encoder, held_out_fold=(part, 5))
        number = {owner: at for at, owner in enumerate(index.owners)}
        for owner, lines in read_lines("entity_phrases").items():
            for line in lines[part::5]:
                heard = index.collect_evidence(line)
                if heard is not None and owner in number:
                    parts.append(heard.parts)
                    right.append(number[owner])
    shown, answers = np.array(parts), np.array(right)
    tables = {}
    for name, used in (("all", len(SCORE_PARTS)), ("words", len(SCORE_PARTS) - 1)):
        evidence = shown[:, :, :used]

        def loss(weights: Any, evidence: Any = evidence) -> Any:
            scores = evidence @ weights
            odds = np.exp(scores - scores.max(axis=1, keepdims=True))
            shares = odds / odds.sum(axis=1, keepdims=True)
            chosen = np.arange(len(answers))
            slope = (shares[:, :, None] * evidence).sum(axis=1) - evidence[chosen, answers]
            return -np.log(shares[chosen, answers]).mean() + 1e-3 * weights @ weights, slope.mean(
                axis=0
            ) + 2e-3 * weights

        found = minimize(loss, np.ones(used), jac=True, method="L-BFGS-B").x
        top = np.argsort(-(evidence @ found), axis=1)[:, :3]
        print(f"{name}: {len(answers)} lines held out, top-1 {(top[:, 0] == answers).mean():.3f}, "
              f"top-3 {(top == answers[:, None]).any(axis=1).mean():.3f}")  # fmt: skip
        tables[name] = dict.fromkeys(SCORE_PARTS, 0.0) | {
            part: round(float(w), 2) for part, w in zip(SCORE_PARTS, found, strict=False)
        }
    write_weights("destination_ranking", tables)


def write_arabic_vocabulary() -> None:
    """Write the Arabic words of the project's texts outside the word lists, by frequency."""
    often = Counter(
        word
        for path in TEXT_SOURCES
        for word in split_words((DATA_FOLDER / path).read_text(encoding="utf-8"))
        if not word.isascii() and word.isalpha()
    )
    listed = ", ".join(sorted(often, key=lambda word: (-often[word], word)))
    head = (
        "# Arabic words, folded, of the project's own texts (data/language, data/demo, data/directory)\n"
        "# by frequency: vocabulary of the Arabizi decoder. Written by `tools/model_training.py words`.\n"
    )
    (WORD_FOLDER / "arabic_vocabulary.txt").write_text(
        f"{head}\n[words]\n{textwrap.fill(listed, 110)}\n", encoding="utf-8"
    )


def write_weights(name: str, table: dict[str, Any]) -> None:
    """Write a table as JSON, one weight per line."""
    text = json.dumps(table, ensure_ascii=False, indent=0)
    (WORD_FOLDER / f"{name}.weights.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("matter", choices=[*CLASSIFIERS, "destination", "words"])
    parser.add_argument("folder", nargs="?", type=Path)
    arguments = parser.parse_args()
    if arguments.matter == "words":
        write_arabic_vocabulary()
    elif arguments.matter == "destination":
        train_destination_ranking(arguments.folder)
    else:
        train_classifier(arguments.matter)


if __name__ == "__main__":
    main()
