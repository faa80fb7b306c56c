"""Does a text tell that a life is at risk now? Then 911 is named first, and the case itself is urgent.

Rules and words, weighed together as in `gate`. A hole in a road is a fault; a child in it is a danger.
"""

from bekhedmetkom.kernel.words import Words

from .lexicon import Hit, Lexicon, Rule, first_hit
from .scales import features, scales
from .word_lists import read_concepts

_CONCEPTS = read_concepts("danger")
LEXICON = Lexicon(_CONCEPTS, letter_by_letter=frozenset(_CONCEPTS))

FIRE = Words("فيه حريق أو تسرّب قد يشتعل.", "It tells of a fire, or of a leak that may catch fire.")
CURRENT = Words("فيه كهرباء مكشوفة قد تصعق أحدًا.", "It tells of live electricity that may kill.")
TRAPPED = Words("فيه شخص عالق أو محبوس.", "It tells of somebody trapped or locked in.")
SELF = Words("فيه شخص قد يؤذي نفسه.", "It tells of somebody who may harm themselves.")
VIOLENCE = Words("فيه عنف على شخص الآن.", "It tells of violence against somebody now.")
FALLING = Words(
    "فيه بناء أو صخر أو طريق قد ينهار على الناس.", "It tells of something that may collapse on people."
)
OPEN_HOLE = Words("فيه حفرة مكشوفة قد يقع فيها أحد.", "It tells of an open hole that somebody may fall into.")
ILLNESS = Words("فيه تسمم أو اختناق أو إصابة خطرة.", "It tells of poisoning, suffocation or a grave injury.")
LIKENESS = Words("يشبه ما يُكتب عن خطر على حياة.", "It resembles what people write of a life at risk.")
SAID = Words("فيه كلام عن حياة في خطر.", "It says that a life is in danger.")

_CALM = ("asks_rule",)
RULES = (
    Rule("said", SAID, ("in_danger_said",), unless=_CALM),
    Rule("self", SELF, ("jumps",), unless=_CALM),
    Rule("fire", FIRE, ("fire", "someone|right_now|trapped"), 15, _CALM),
    Rule("gas", FIRE, ("gas", "leaks", "someone|right_now|structure"), 12, _CALM),
    Rule("no_way_out", FIRE, ("no_way_out", "someone"), 15, _CALM),
    Rule("current", CURRENT, ("current", "live_wire", "someone|exposed_people"), 8, _CALM),
    Rule("child", VIOLENCE, ("beats", "child"), 12, _CALM),
    Rule("violence", VIOLENCE, ("beats", "kills|right_now"), 15, _CALM),
    Rule("shots", VIOLENCE, ("shoots", "kills"), 3, _CALM),
    Rule("swept", TRAPPED, ("flood", "someone", "trapped|harmed|lift"), 12, _CALM),
    Rule("brakes", FALLING, ("brakes", "someone"), 10, (*_CALM, "past")),
    Rule("weapon", VIOLENCE, ("kills", "shoots|right_now"), 10, _CALM),
    Rule("minors", VIOLENCE, ("selling_minors", "exploit"), 10),
    Rule("trapped", TRAPPED, ("trapped", "someone", "lift|beats"), 10, _CALM),
    Rule("falling", FALLING, ("collapses", "structure", "exposed_people|someone"), 10, _CALM),
    Rule("hole", OPEN_HOLE, ("manhole", "open", "someone|harmed"), 10, _CALM),
    Rule("poison", ILLNESS, ("poison", "many_ill"), 15, _CALM),
    Rule("breath", ILLNESS, ("many_ill", "gas", "right_now"), 20, _CALM),
)


def danger_to_life(text: str) -> Hit | None:
    """What in `text` tells that life is at risk now, or None. About a millisecond."""
    places = LEXICON.find(text)
    hit = first_hit(RULES, places)
    if not scales("danger").tip(text, places, hit):
        return None
    return hit or Hit("likeness", LIKENESS, scales("danger").words(text, places))


def weighed(text: str) -> dict[str, float]:
    """What of a text is weighed, for whoever learns the weights."""
    places = LEXICON.find(text)
    return features(text, places, first_hit(RULES, places))
