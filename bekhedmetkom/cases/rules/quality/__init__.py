"""How good is a reply before it goes out? Findings for its writer, a score, and whether it may go as it is. Pure.

A reply tells what was found, done or decided, by which unit, when, and where to object. What keeps it from going out
is a sentence that says nothing, a blank of the template, or no decision at all; all else is advice, and all advice
together does not block (docs/decisions/0026-the-quality-of-replies.md).
"""

from collections.abc import Sequence

from bekhedmetkom.catalogue.rules import Kind

from .completeness import detect_blanks, detect_empty_sentences, detect_missing_parts
from .findings import (
    FINDING_WEIGHTS,
    MIN_SCORE,
    Detector,
    Finding,
    FindingCode,
    Judgement,
    PastReply,
    ReplyContext,
    split_sentences,
)
from .readability import detect_hard_sentences
from .similarity import detect_similar_reply, is_based_on_template

DETECTORS: Sequence[Detector] = (
    detect_empty_sentences,
    detect_blanks,
    detect_missing_parts,
    detect_similar_reply,
    detect_hard_sentences,
)


def judge_reply(text: str, context: ReplyContext, detectors: Sequence[Detector] = DETECTORS) -> Judgement:
    """Everything that the detectors find in a reply; each code costs its weight once."""
    found = [finding for detector in detectors for finding in detector(text, context)]
    found.sort(key=lambda finding: -finding.weight)
    cost = {finding.code: finding.weight for finding in reversed(found)}
    return Judgement(found, max(0, 100 - sum(cost.values())))


def judge_decision(text: str, kind: Kind) -> Judgement:
    """A reviewer's decision: judged for what says nothing and for blanks. What it decided is its outcome."""
    return judge_reply(text, ReplyContext(kind), (detect_empty_sentences, detect_blanks))


__all__ = [
    "DETECTORS",
    "FINDING_WEIGHTS",
    "MIN_SCORE",
    "Detector",
    "Finding",
    "FindingCode",
    "Judgement",
    "PastReply",
    "ReplyContext",
    "is_based_on_template",
    "judge_decision",
    "judge_reply",
    "split_sentences",
]  # fmt: skip
