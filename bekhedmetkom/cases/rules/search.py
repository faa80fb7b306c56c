"""Which cases are about the same thing as one: asked of the search by its telling words, then weighed. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

from bekhedmetkom.language.arabizi_decoder import to_arabic
from bekhedmetkom.language.naive_bayes import STOPWORDS
from bekhedmetkom.language.normalisation import get_stem, list_stems

K = TypeVar("K")

_MAX_QUERY_STEMS = 6  # words of a text by which others are looked for
_MIN_STEM_LENGTH = 3  # letters of a stem that may tell something
MIN_SIMILARITY = 0.3  # of what a text says, by the weight of its words
_SAME_TOPIC_BONUS = 0.15
# Of what a text says, how much an answer to it is about, to be offered beside others, and to be said as its answer.
LIKELY_ANSWER_SCORE, SURE_ANSWER_SCORE = 0.35, 0.52
MIN_SHARED_STEMS = 2  # telling words that a text and a question that was answered have in common, at least
_STOP_STEMS = frozenset(map(get_stem, STOPWORDS))


def list_significant_stems(text: str) -> list[str]:
    """The stems of a text that say what it is about, each once, in order."""
    return [
        word for word in dict.fromkeys(list_stems(text))
        if len(word) >= _MIN_STEM_LENGTH and word not in _STOP_STEMS and not word.isdigit()
    ]  # fmt: skip


def build_search_query(text: str) -> str:
    """What the search is asked: cases that share any two of the text's longest telling stems; empty where it has none.

    Letters and digits only, and the operators between them.
    """
    chosen = sorted(list_significant_stems(text), key=len, reverse=True)[:_MAX_QUERY_STEMS]
    if len(chosen) < 2:
        return "".join(chosen)
    return " | ".join(f"{one} & {other}" for one, other in combinations(chosen, 2))


def compute_similarity(text: str, others: Mapping[K, str], topics: Iterable[K] = ()) -> dict[K, float]:
    """How much of what the text says each of the others says.

    A word weighs the more the fewer of the others have it; `topics`: those that are of the same topic.
    """
    wanted = set(list_significant_stems(text))
    said = {key: wanted & set(list_stems(other)) for key, other in others.items()}
    had = Counter(word for words in said.values() for word in words)
    weight = {word: math.log(1 + (1 + len(said)) / (1 + had[word])) for word in wanted}
    whole, same = sum(weight.values()) or 1.0, set(topics)
    return {
        key: sum(weight[word] for word in words) / whole + _SAME_TOPIC_BONUS * (key in same)
        for key, words in said.items()
    }


def rank_answers(text: str, published: Mapping[K, tuple[str, str]], least: float) -> dict[K, float]:
    """Which of the questions with their answers answer a text, the nearest first, each with how much of it.

    Arabizi counts as the Arabic that it is.
    """
    text = to_arabic(text)
    asked = set(list_significant_stems(text))
    near = compute_similarity(
        text, {key: f"{question} {answer}" for key, (question, answer) in published.items()}
    )
    found = {
        key: min(near[key], 1.0)
        for key, (question, _answer) in published.items()
        if near[key] >= least and len(asked & set(list_significant_stems(question))) >= MIN_SHARED_STEMS
    }
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def find_most_similar(
    text: str, others: Mapping[K, str], topics: Iterable[K] = (), answered: Iterable[K] = (), most: int = 4
) -> Sequence[K]:
    """Those of the others that say the most of what the text says: the answered ones first, then the nearest."""
    found, done = compute_similarity(text, others, topics), set(answered)
    near = [key for key, value in found.items() if value >= MIN_SIMILARITY]
    return sorted(near, key=lambda key: (key not in done, -found[key]))[:most]


def get_unit_token(unit: int) -> str:
    """How the words of a case say which unit has it. Nobody types it: stems are letters and digits."""
    return f"#{unit}"
