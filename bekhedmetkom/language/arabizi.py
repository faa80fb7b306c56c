"""A bridge between Arabic in Latin letters and in its own: both are brought to one skeleton of consonants.

People write vowels as they please (mowazzaf, muwathaf, mwazaf), consonants far less so. The skeleton drops
vowels and joins letters that Arabizi confuses; it is for matching against known words, not for reading.
"""

import re

from .remembered import remembered

_ARABIC = str.maketrans(
    "بتطثجحخدذضرزظسصشعغفقكلمن",
    "btttjhKdddrzzssS3Gfqklmn",
    "اويءه ",  # vowels, or as good as
)
# Longest first: digraphs, then digits that stand for letters (Jordanian habits), then single letters.
_PAIRS = "3':G 7':K 6':z 9':d gh:G kh:K sh:S ch:S th:t dh:d ph:f"
_SINGLES = (
    "2:q 8:q q:q g:q 3:3 4:S 5:K 6:t 7:h 9:s b:b p:b t:t j:j d:d r:r z:z s:s f:f v:f k:k c:k l:l m:m n:n x:ks"
)
_LATIN = dict(pair.split(":") for pair in f"{_PAIRS} {_SINGLES}".split())
_TOKEN = re.compile("|".join(sorted(map(re.escape, _LATIN), key=len, reverse=True)))
_DOUBLE = re.compile(r"(.)\1+")


@remembered(50_000)
def skeleton(word: str) -> str:
    """The consonants of one folded word in either script; empty when it has none."""
    latin = word.isascii()
    bones = "".join(_LATIN[part] for part in _TOKEN.findall(word)) if latin else word.translate(_ARABIC)
    return _DOUBLE.sub(r"\1", bones)
