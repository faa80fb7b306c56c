"""What was changed from one text to the next: word by word where much stayed, else the old whole and the new. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

What = Literal["same", "gone", "new"]


class Part(NamedTuple):
    """Words that stayed, went or came."""

    what: What
    text: str


_WORD = re.compile(r"\s*[^\s.,;:!?،؛؟…]+|\s*[.,;:!?،؛؟…]|\s+")  # with the blank before it
_ALIKE = 0.35  # below it nobody reads one text in the other
_MOST = 400_000  # pairs of the same word: more take too long to lay side by side


def difference(before: str, after: str) -> list[Part]:
    """Both texts in one: without what is new it is the one, without what is gone the other."""
    old, new = before.replace("\r\n", "\n"), after.replace("\r\n", "\n")
    parts = [part for part in _by_line(old, new) if part.text]
    return [Part(what, "".join(part.text for part in run)) for what, run in groupby(parts, lambda p: p.what)]


def _by_line(old: str, new: str) -> Iterator[Part]:
    a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        gone, came = "".join(a[i:j]), "".join(b[k:m])
        if tag == "equal":
            yield Part("same", gone)
        else:
            yield from _by_word(gone, came)


def _by_word(old: str, new: str) -> Iterator[Part]:
    a, b = _WORD.findall(old), _WORD.findall(new)
    theirs = Counter(b)
    matched = SequenceMatcher(None, a, b, autojunk=False)
    if sum(n * theirs[word] for word, n in Counter(a).items()) > _MOST or matched.ratio() < _ALIKE:
        yield Part("gone", old)
        yield Part("new", new)
        return
    for tag, i, j, k, m in matched.get_opcodes():
        if tag == "equal":
            yield Part("same", "".join(a[i:j]))
        else:
            yield Part("gone", "".join(a[i:j]))
            yield Part("new", "".join(b[k:m]))
