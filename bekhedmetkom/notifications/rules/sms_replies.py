"""Parses SMS replies: solved or not (1 or 2, yes or no), with or without stars."""

from collections.abc import Sequence
from typing import NamedTuple

from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.normalisation import split_words

SMS_REPLY_HINT = BilingualText(
    "أجب برسالة: 1 حُلّ، 2 لم يُحل. ", "Reply 1 solved, 2 not solved. "
)  # goes before a link
MAX_REPLY_LENGTH = 40  # letters; whoever writes more says something that no rule should take for a yes


class SmsRating(NamedTuple):
    """The citizen's word; `stars`: one to five, or none given."""

    solved: bool
    stars: int | None = None


def _build_word_set(*lines: str) -> frozenset[str]:
    return frozenset(split_words(" ".join(lines)))


_YES_WORDS = _build_word_set("yes y yep yeah ok aywa aiwa ah eh na3am naam نعم ايوه ايوا اي اه اها صح اكيد")
_NO_WORDS = _build_word_set("no n nope la la2 laa lla lessa lesa unsolved لا لاء كلا لسا لسه ابدا")
_NEGATION_WORDS = _build_word_set("not ma mesh mish mush ما لم مش مو لن ليس غير")
_SOLVED_WORDS = _build_word_set(
    "solved fixed done resolved n7alat in7alat en7alat 7alat tamam انحلت انحل حلت حل يحل تحل ينحل تنحل اتحلت",
    "محلول محلولة تم تمت تمام خلصت",
)
_FILLER_WORDS = _build_word_set(
    "it is was the has been all very yet still thanks thank you star stars",
    "شكرا والله الامر المشكلة كثير كتير جدا لكم الكم نجوم نجمات نجمة و يسلمو مشكور مشكورين يعطيك يعطيكم العافية الله",
)
_STAR_DIGITS = {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5}


def parse_sms_reply(text: str) -> SmsRating | None:
    """The citizen's word; `None` where it is not plainly one of these: a guess would speak in their name."""
    if len(text) > MAX_REPLY_LENGTH:
        return None
    words = split_words(text)
    first, rest = words[:1], words[1:]
    if first in (["1"], ["2"]) and all(word in _FILLER_WORDS or word in _STAR_DIGITS for word in rest):
        return _build_rating(first == ["1"], rest)
    said = set(words) - _FILLER_WORDS - set(_STAR_DIGITS)
    if not said or said - _YES_WORDS - _NO_WORDS - _NEGATION_WORDS - _SOLVED_WORDS:
        return None
    yes, no = said & _YES_WORDS, said & (_NO_WORDS | _NEGATION_WORDS)
    if (yes and no) or said <= _NEGATION_WORDS - {"not"} - _NO_WORDS:
        return None
    return _build_rating(not no, words)


def _build_rating(solved: bool, words: Sequence[str]) -> SmsRating | None:
    """With the stars among these words; more than one number is none."""
    stars = [_STAR_DIGITS[word] for word in words if word in _STAR_DIGITS]
    return SmsRating(solved, *stars) if len(stars) < 2 else None
