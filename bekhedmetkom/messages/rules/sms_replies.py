"""What a person means who answers by SMS whether it was solved: 1 or 2, yes or no, with stars or without."""

from collections.abc import Sequence
from typing import NamedTuple

from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.normalisation import split_words as folded

REPLY = BilingualText("أجب برسالة: 1 حُلّ، 2 لم يُحل. ", "Reply 1 solved, 2 not solved. ")  # goes before a link
LONGEST = 40  # letters; whoever writes more says something that no rule should take for a yes


class Word(NamedTuple):
    """The citizen's word; `stars`: one to five, or none given."""

    solved: bool
    stars: int | None = None


def _list(*lines: str) -> frozenset[str]:
    return frozenset(folded(" ".join(lines)))


_YES = _list("yes y yep yeah ok aywa aiwa ah eh na3am naam نعم ايوه ايوا اي اه اها صح اكيد")
_NO = _list("no n nope la la2 laa lla lessa lesa unsolved لا لاء كلا لسا لسه ابدا")
_NOT = _list("not ma mesh mish mush ما لم مش مو لن ليس غير")
_SOLVED = _list(
    "solved fixed done resolved n7alat in7alat en7alat 7alat tamam انحلت انحل حلت حل يحل تحل ينحل تنحل اتحلت",
    "محلول محلولة تم تمت تمام خلصت",
)
_FILLING = _list(
    "it is was the has been all very yet still thanks thank you star stars",
    "شكرا والله الامر المشكلة كثير كتير جدا لكم الكم نجوم نجمات نجمة و يسلمو مشكور مشكورين يعطيك يعطيكم العافية الله",
)
_STARS = {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5}


def understood(text: str) -> Word | None:
    """The citizen's word; `None` where it is not plainly one of these: a guess would speak in their name."""
    if len(text) > LONGEST:
        return None
    words = folded(text)
    first, rest = words[:1], words[1:]
    if first in (["1"], ["2"]) and all(word in _FILLING or word in _STARS for word in rest):
        return _word(first == ["1"], rest)
    said = set(words) - _FILLING - set(_STARS)
    if not said or said - _YES - _NO - _NOT - _SOLVED:
        return None
    yes, no = said & _YES, said & (_NO | _NOT)
    if (yes and no) or said <= _NOT - {"not"} - _NO:
        return None
    return _word(not no, words)


def _word(solved: bool, words: Sequence[str]) -> Word | None:
    """With the stars among these words; more than one number is none."""
    stars = [_STARS[word] for word in words if word in _STARS]
    return Word(solved, *stars) if len(stars) < 2 else None
