"""How good is a reply before it goes out? Findings for its writer, a score, and whether it may go as it is. Pure.

A reply tells what was found, done or decided, by which unit, when, and where to object. What keeps it from going out
is a sentence that says nothing, a blank of the template, or no decision at all; all else is advice, and all advice
together does not block (docs/decisions/0026-the-quality-of-replies.md).
"""

from collections.abc import Sequence

from bekhedmetkom.catalogue.rules import Kind

from .findings import THRESHOLD, WEIGHTS, Code, Context, Detector, Finding, Judgement, Past, sentences
from .likeness import begun_from, likeness
from .reading import reading
from .saying import blanks, empties, parts

DETECTORS: Sequence[Detector] = (empties, blanks, parts, likeness, reading)


def judged(text: str, context: Context, detectors: Sequence[Detector] = DETECTORS) -> Judgement:
    """Everything that the detectors find in a reply; each code costs its weight once."""
    found = [finding for detector in detectors for finding in detector(text, context)]
    found.sort(key=lambda finding: -finding.weight)
    cost = {finding.code: finding.weight for finding in reversed(found)}
    return Judgement(found, max(0, 100 - sum(cost.values())))


def decision_judged(text: str, kind: Kind) -> Judgement:
    """A reviewer's decision: judged for what says nothing and for blanks. What it decided is its outcome."""
    return judged(text, Context(kind), (empties, blanks))


__all__ = [
    "DETECTORS", "THRESHOLD", "WEIGHTS", "Code", "Context", "Detector", "Finding", "Judgement", "Past", "begun_from",
    "decision_judged", "judged", "sentences",
]  # fmt: skip
