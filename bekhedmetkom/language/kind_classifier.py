"""What kind of message a text is: asked only to preselect a choice, or to wonder aloud when they disagree."""

from collections import Counter

from .lexicon import Lexicon
from .normalisation import fold_text
from .word_lists import read_concepts

KINDS = ("complaint", "question", "suggestion", "praise", "violation")  # the commonest first: it wins a tie
_LEXICON = Lexicon(read_concepts("kinds"), letter_by_letter=frozenset(KINDS))
_OPENING_WORDS = 3  # words: what a text begins with tells most
_KIND_WEIGHTS = {"complaint": 0.8, "question": 1.0, "suggestion": 1.3, "praise": 1.3, "violation": 1.0}
_COMPLAINT_PRIOR = 0.5  # what speaks for a complaint before a word is read


def rank_kinds(text: str) -> list[tuple[str, float, list[str]]]:
    """Each kind that something speaks for, likeliest first, with its share (they add up to 1) and the words."""
    places = _LEXICON.find(text)
    scores = Counter({"complaint": _COMPLAINT_PRIOR})
    for kind, found in places.items():
        for at, word in found.items():
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
