"""What was changed from one text to the next: word by word where much stayed, else the old whole and the new. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

PartKind = Literal["same", "gone", "new"]


class TextPart(NamedTuple):
    """Words that stayed, went or came."""

    what: PartKind
    text: str


_WORD_PATTERN = re.compile(r"\s*[^\s.,;:!?،؛؟…]+|\s*[.,;:!?،؛؟…]|\s+")  # with the blank before it
_MIN_SIMILARITY = 0.35  # below it nobody reads one text in the other
_MAX_WORD_PAIRS = 400_000  # pairs of the same word: more take too long to lay side by side


def compute_difference(before: str, after: str) -> list[TextPart]:
    """Both texts in one: without what is new it is the one, without what is gone the other."""
    old, new = before.replace("\r\n", "\n"), after.replace("\r\n", "\n")
    parts = [part for part in _compare_lines(old, new) if part.text]
    return [
        TextPart(what, "".join(part.text for part in run)) for what, run in groupby(parts, lambda p: p.what)
    ]


def _compare_lines(old: str, new: str) -> Iterator[TextPart]:
    a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        gone, came = "".join(a[i:j]), "".join(b[k:m])
        if tag == "equal":
            yield TextPart("same", gone)
        else:
            yield from _compare_words(gone, came)


def _compare_words(old: str, new: str) -> Iterator[TextPart]:
    a, b = _WORD_PATTERN.findall(old), _WORD_PATTERN.findall(new)
    theirs = Counter(b)
    matched = SequenceMatcher(None, a, b, autojunk=False)
    if (
        sum(n * theirs[word] for word, n in Counter(a).items()) > _MAX_WORD_PAIRS
        or matched.ratio() < _MIN_SIMILARITY
    ):
        yield TextPart("gone", old)
        yield TextPart("new", new)
        return
    for tag, i, j, k, m in matched.get_opcodes():
        if tag == "equal":
            yield TextPart("same", "".join(a[i:j]))
        else:
            yield TextPart("gone", "".join(a[i:j]))
            yield TextPart("new", "".join(b[k:m]))
