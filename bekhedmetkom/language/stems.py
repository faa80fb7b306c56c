"""Light stems: enough to join what one word means in its common shapes, without a dictionary.

A single letter before a word (و ف ب ل ك) stays: taken off, بلدية and البلدية would part.
"""

import re

from .folding import words
from .remembered import remembered

_PREFIX = re.compile(r"^[وف]?(?:[بكل]?ال|لل|عال|هال)(?=\w{3})")
_SUFFIX = re.compile(r"(?<=\w{3})(?:اته[مان]?|ات|يين|ين|ون|يه|ها|هم|نا|كم|ته|تي|ه|ي|وا|و)$")
_ENGLISH = re.compile(r"(?<=[a-z]{3})(?:ations?|ings?|ies|ed|es|s|y|e)$")


@remembered(50_000)
def stem(word: str) -> str:
    """The light stem of a folded word, Arabic or English."""
    if word.isascii():
        return _ENGLISH.sub("", word)
    return _SUFFIX.sub("", _PREFIX.sub("", word))


def stems(text: str) -> list[str]:
    """The stems of a text's words, in order: what search keeps of it, and what a search is made of."""
    return [stem(word) for word in words(text)]
