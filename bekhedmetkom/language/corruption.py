"""Detection of corruption reports, which belong in the disclosure box and not in an ordinary case.

Rules over word positions feed a linear model (`linear_model`): about one millisecond, no neural network, and each hit
names its words. A hit only offers the disclosure box. A false alarm costs one click, a miss may endanger a witness.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from bekhedmetkom.kernel.text import BilingualText

from .lexicon import MAX_TEXT_LENGTH, ConceptPositions, Hit, Lexicon, Rule, find_first_hit
from .linear_model import build_features, load_model
from .normalisation import fold_text
from .word_lists import read_concepts

LEXICON = Lexicon(read_concepts("corruption"), exact_in_arabizi=frozenset({"named"}))
_BY_MEANS_OF = re.compile(r"\bبواسطه\b|\bواسط[هة] نقل\b")  # «بواسطة» is "by means of", not wasta
_NEGATED_BUT_CLAIMED = re.compile(r"(?:بدون|بلا|من غير|دون) (?:واسطه|رشوه|فيتامين واو) (?:ما|لا|مستحيل|مش)\b")

BRIBE = BilingualText(
    "يبدو أنه عن رشوة أو طلب منفعة.", "It seems to be about a bribe or a demand for a benefit."
)
FAVOUR = BilingualText("يبدو أنه عن واسطة أو محسوبية.", "It seems to be about favouritism.")
INTEREST = BilingualText("يبدو أنه عن تضارب مصالح.", "It seems to be about a conflict of interest.")
PUBLIC_MONEY = BilingualText(
    "يبدو أنه عن مال عام أو ممتلكات عامة.", "It seems to be about public money or property."
)
FALSE_PAPERS = BilingualText(
    "يبدو أنه عن تلاعب في أوراق رسمية.", "It seems to be about tampering with official papers."
)
FEAR = BilingualText(
    "يبدو أنك تخشى ضررًا إن عُرف أنك أبلغت.",
    "It seems that you fear harm if it became known that you reported.",
)
SIMILAR_WORDING = BilingualText("يشبه ما يُكتب عن فساد.", "It resembles what people write about corruption.")
EXPLICIT_WORD = BilingualText("ذكرتَ كلمة تدل على فساد.", "You used a word that points to corruption.")

_PRIVATE_SECTOR = ("not_public",)  # a private employer or shop is outside the scope
_EXCLUSIONS = ("refused_gift", *_PRIVATE_SECTOR)
_MONEY = "money|amount"
RULES = (
    Rule("off_book", BRIBE, ("off_book", f"pays|demands|{_MONEY}", "official|paper"), 20, _EXCLUSIONS),
    Rule(
        "demand", BRIBE, ("demands", f"gift|{_MONEY}", "official", "eases|or_else|rewards"), 25, _EXCLUSIONS
    ),
    Rule(
        "gift",
        BRIBE,
        ("gift", "demands|pays|rewards", "official|paper", "eases|or_else|rewards"),
        20,
        _EXCLUSIONS,
    ),
    Rule(
        "paid_then",
        BRIBE,
        ("pays", f"gift|{_MONEY}", "official", "or_else|eases"),
        14,
        (*_EXCLUSIONS, "fees"),
    ),
    Rule("paid_official", BRIBE, ("to_official", "paid"), 3, (*_EXCLUSIONS, "fees", "good_news")),
    Rule("rewards", BRIBE, ("rewards", "demands|pays|gift|money", "official|paper"), 15, _EXCLUSIONS),
    Rule("whoever_pays", BRIBE, ("whoever_pays", "official|paper|eases"), 25, _PRIVATE_SECTOR),
    Rule("between", BRIBE, ("between", "paper", f"pays|eases|{_MONEY}"), 15, _PRIVATE_SECTOR),
    Rule("kin_business", INTEREST, ("kin", "business", "official"), 20, _PRIVATE_SECTOR),
    Rule("kin_job", FAVOUR, ("kin", "job", "official|rigged"), 20, _PRIVATE_SECTOR),
    Rule("rigged_job", FAVOUR, ("job", "rigged"), 12, _PRIVATE_SECTOR),
    Rule("rigged_tender", INTEREST, ("tender", "rigged|kin|money"), 20, _PRIVATE_SECTOR),
    Rule("public_goods", PUBLIC_MONEY, ("public_goods", "for_self", "official|at_work"), 20, _PRIVATE_SECTOR),
    Rule("false_paper", FALSE_PAPERS, ("false_paper", "record", "official"), 15, _PRIVATE_SECTOR),
    Rule("free_for_him", BRIBE, ("overseer", "free_for_him", "takes_or_eats"), 15, ("refused_gift",)),
    Rule("fear", FEAR, ("fears", "at_work"), 40, _PRIVATE_SECTOR),
)


@lru_cache(maxsize=8)  # the portal's page checks the same text before the command does
def detect_corruption(text: str) -> Hit | None:
    """Return why `text` reports corruption, with the words, or None. Stores and logs nothing.

    Questions about the law, praise of an honest clerk and the Commission's name do not count as a report.
    """
    folded, places = _find_concepts(text)
    hit = _match_rules(folded, places)
    if not load_model("corruption").is_positive(text, places, hit):
        return None
    return hit or Hit("likeness", SIMILAR_WORDING, load_model("corruption").get_top_words(text, places))


def extract_features(text: str) -> dict[str, float]:
    """Return the named features of a text for training."""
    folded, places = _find_concepts(text)
    return build_features(text, places, _match_rules(folded, places))


def _find_concepts(text: str) -> tuple[str, ConceptPositions]:
    folded = fold_text(text)
    if "واسط" in folded:
        folded = _BY_MEANS_OF.sub(" ", folded)
    return folded, LEXICON.find_folded(folded[:MAX_TEXT_LENGTH])


def _match_rules(folded: str, places: ConceptPositions) -> Hit | None:
    if hit := _match_explicit_word(folded, places):
        return hit
    return None if _has_no_report(places) else find_first_hit(RULES, places)


def _match_explicit_word(folded: str, places: ConceptPositions) -> Hit | None:
    named = places.get("named", {})
    if not named:
        return None
    claimed = bool(_NEGATED_BUT_CLAIMED.search(folded))
    reported = {
        at: word for at, word in named.items() if claimed or not _is_negated(at, places.get("anti", {}))
    }
    if not reported or (not claimed and _has_no_report(places)):
        return None
    return Hit("named", EXPLICIT_WORD, tuple(dict.fromkeys(reported.values())))


def _is_negated(at: int, anti: Iterable[int]) -> bool:
    return any(0 < at - place <= 2 for place in anti)


def _has_no_report(places: ConceptPositions) -> bool:
    happened = any(places.get(concept) for concept in ("demands", "whoever_pays"))
    return not happened and any(places.get(c) for c in ("asks_rule", "good_news", "suggests", "refused_gift"))
