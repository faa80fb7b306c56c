"""The gate before every ordinary door: does a text tell of corruption, which belongs in the confidential box?

Rules about words and their neighbourhood, weighed together with the words themselves: about a millisecond, never a
neural model, and each hit can be explained. It leads people to a safer place and never stops them; so a false alarm
costs one click, a miss may cost a witness his job.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from bekhedmetkom.kernel.words import Words

from .folding import fold
from .lexicon import LONGEST_TEXT, Hit, Lexicon, Places, Rule, first_hit
from .scales import features, scales
from .word_lists import read_concepts

LEXICON = Lexicon(read_concepts("gate"), letter_by_letter=frozenset({"named"}))
_BY_MEANS_OF = re.compile(r"\bبواسطه\b|\bواسط[هة] نقل\b")  # «بواسطة» is "by means of", not wasta
_NEGATED_BUT_CLAIMED = re.compile(r"(?:بدون|بلا|من غير|دون) (?:واسطه|رشوه|فيتامين واو) (?:ما|لا|مستحيل|مش)\b")

BRIBE = Words("يبدو أنه عن رشوة أو طلب منفعة.", "It seems to be about a bribe or a demand for a benefit.")
FAVOUR = Words("يبدو أنه عن واسطة أو محسوبية.", "It seems to be about favouritism.")
INTEREST = Words("يبدو أنه عن تضارب مصالح.", "It seems to be about a conflict of interest.")
PUBLIC_MONEY = Words("يبدو أنه عن مال عام أو ممتلكات عامة.", "It seems to be about public money or property.")
FALSE_PAPERS = Words(
    "يبدو أنه عن تلاعب في أوراق رسمية.", "It seems to be about tampering with official papers."
)
FEAR = Words(
    "يبدو أنك تخشى ضررًا إن عُرف أنك أبلغت.",
    "It seems that you fear harm if it became known that you reported.",
)
LIKENESS = Words("يشبه ما يُكتب عن فساد.", "It resembles what people write about corruption.")
NAMED = Words("ذكرتَ كلمة تدل على فساد.", "You used a word that points to corruption.")

_ELSEWHERE = ("not_public",)  # a private employer or shop: another body's business
_HONEST = ("refused_gift", *_ELSEWHERE)
_MONEY = "money|amount"
RULES = (
    Rule("off_book", BRIBE, ("off_book", f"pays|demands|{_MONEY}", "official|paper"), 20, _HONEST),
    Rule("demand", BRIBE, ("demands", f"gift|{_MONEY}", "official", "eases|or_else|rewards"), 25, _HONEST),
    Rule(
        "gift",
        BRIBE,
        ("gift", "demands|pays|rewards", "official|paper", "eases|or_else|rewards"),
        20,
        _HONEST,
    ),
    Rule("paid_then", BRIBE, ("pays", f"gift|{_MONEY}", "official", "or_else|eases"), 14, (*_HONEST, "fees")),
    Rule("paid_official", BRIBE, ("to_official", "paid"), 3, (*_HONEST, "fees", "good_news")),
    Rule("rewards", BRIBE, ("rewards", "demands|pays|gift|money", "official|paper"), 15, _HONEST),
    Rule("whoever_pays", BRIBE, ("whoever_pays", "official|paper|eases"), 25, _ELSEWHERE),
    Rule("between", BRIBE, ("between", "paper", f"pays|eases|{_MONEY}"), 15, _ELSEWHERE),
    Rule("kin_business", INTEREST, ("kin", "business", "official"), 20, _ELSEWHERE),
    Rule("kin_job", FAVOUR, ("kin", "job", "official|rigged"), 20, _ELSEWHERE),
    Rule("rigged_job", FAVOUR, ("job", "rigged"), 12, _ELSEWHERE),
    Rule("rigged_tender", INTEREST, ("tender", "rigged|kin|money"), 20, _ELSEWHERE),
    Rule("public_goods", PUBLIC_MONEY, ("public_goods", "for_self", "official|at_work"), 20, _ELSEWHERE),
    Rule("false_paper", FALSE_PAPERS, ("false_paper", "record", "official"), 15, _ELSEWHERE),
    Rule("free_for_him", BRIBE, ("overseer", "free_for_him", "takes_or_eats"), 15, ("refused_gift",)),
    Rule("fear", FEAR, ("fears", "at_work"), 40, _ELSEWHERE),
)


@lru_cache(maxsize=8)  # a page of the portal asks before the command does
def speaks_of_corruption(text: str) -> Hit | None:
    """What in `text` tells of corruption, or None. Stores and logs nothing.

    Words that report nothing (a question about the law, praise of an honest clerk, the Commission's name) do not
    count.
    """
    folded, places = _read(text)
    hit = _by_rule(folded, places)
    if not scales("gate").tip(text, places, hit):
        return None
    return hit or Hit("likeness", LIKENESS, scales("gate").words(text, places))


def weighed(text: str) -> dict[str, float]:
    """What of a text is weighed, for whoever learns the weights."""
    folded, places = _read(text)
    return features(text, places, _by_rule(folded, places))


def _read(text: str) -> tuple[str, Places]:
    folded = fold(text)
    if "واسط" in folded:
        folded = _BY_MEANS_OF.sub(" ", folded)
    return folded, LEXICON.find_folded(folded[:LONGEST_TEXT])


def _by_rule(folded: str, places: Places) -> Hit | None:
    if hit := _named(folded, places):
        return hit
    return None if _reports_nothing(places) else first_hit(RULES, places)


def _named(folded: str, places: Places) -> Hit | None:
    named = places.get("named", {})
    if not named:
        return None
    claimed = bool(_NEGATED_BUT_CLAIMED.search(folded))
    reported = {at: word for at, word in named.items() if claimed or not _negated(at, places.get("anti", {}))}
    if not reported or (not claimed and _reports_nothing(places)):
        return None
    return Hit("named", NAMED, tuple(dict.fromkeys(reported.values())))


def _negated(at: int, anti: Iterable[int]) -> bool:
    return any(0 < at - place <= 2 for place in anti)


def _reports_nothing(places: Places) -> bool:
    happened = any(places.get(concept) for concept in ("demands", "whoever_pays"))
    return not happened and any(places.get(c) for c in ("asks_rule", "good_news", "suggests", "refused_gift"))
