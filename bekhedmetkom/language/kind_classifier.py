"""The likely kind of a message. It only preselects a choice or points out a contradiction."""

from collections import Counter

from .lexicon import Lexicon
from .normalisation import fold_text
from .word_lists import read_concepts

KINDS = ("complaint", "question", "suggestion", "praise", "violation")  # by frequency: the first wins a tie
_LEXICON = Lexicon(read_concepts("kinds"), exact_in_arabizi=frozenset(KINDS))
_OPENING_WORDS = 3  # words at the beginning count double
_KIND_WEIGHTS = {"complaint": 0.8, "question": 1.0, "suggestion": 1.3, "praise": 1.3, "violation": 1.0}
_COMPLAINT_PRIOR = 0.5  # score of a complaint before any word is read


def rank_kinds(text: str) -> list[tuple[str, float, list[str]]]:
    """Return (kind, share, words) for each kind with a score, likeliest first; the shares add up to 1."""
    places = _LEXICON.find(text)
    scores = Counter({"complaint": _COMPLAINT_PRIOR})
    for kind, matches in places.items():
        for at, word in matches.items():
            scores[kind] += (
                _KIND_WEIGHTS[kind] * (2 if at < _OPENING_WORDS else 1) * (1 + word.count(" ")) ** 0.5
            )
    if fold_text(text).endswith(("?", "؟")):
        scores["question"] += 2
    total = sum(scores.values())
    ranked = sorted(scores, key=lambda kind: (-scores[kind], KINDS.index(kind)))
    return [
        (kind, round(scores[kind] / total, 3), list(dict.fromkeys(places.get(kind, {}).values())))
        for kind in ranked
    ]
