"""Detection of texts that describe a present danger to life: 911 is shown first and the case is urgent.

Rules and a linear model, as in `corruption`. A hole in a road is a fault; a child in it is a danger.
"""

from bekhedmetkom.kernel.text import BilingualText

from .lexicon import Hit, Lexicon, Rule, find_first_hit
from .linear_model import build_features, load_model
from .word_lists import read_concepts

_CONCEPTS = read_concepts("danger")
LEXICON = Lexicon(_CONCEPTS, exact_in_arabizi=frozenset(_CONCEPTS))

FIRE = BilingualText("فيه حريق أو تسرّب قد يشتعل.", "It tells of a fire, or of a leak that may catch fire.")
LIVE_ELECTRICITY = BilingualText(
    "فيه كهرباء مكشوفة قد تصعق أحدًا.", "It tells of live electricity that may kill."
)
TRAPPED = BilingualText("فيه شخص عالق أو محبوس.", "It tells of somebody trapped or locked in.")
SELF_HARM = BilingualText("فيه شخص قد يؤذي نفسه.", "It tells of somebody who may harm themselves.")
VIOLENCE = BilingualText("فيه عنف على شخص الآن.", "It tells of violence against somebody now.")
FALLING = BilingualText(
    "فيه بناء أو صخر أو طريق قد ينهار على الناس.", "It tells of something that may collapse on people."
)
OPEN_HOLE = BilingualText(
    "فيه حفرة مكشوفة قد يقع فيها أحد.", "It tells of an open hole that somebody may fall into."
)
ILLNESS = BilingualText(
    "فيه تسمم أو اختناق أو إصابة خطرة.", "It tells of poisoning, suffocation or a grave injury."
)
SIMILAR_WORDING = BilingualText(
    "يشبه ما يُكتب عن خطر على حياة.", "It resembles what people write of a life at risk."
)
STATED_DANGER = BilingualText("فيه كلام عن حياة في خطر.", "It says that a life is in danger.")

_EXCLUSIONS = ("asks_rule",)
RULES = (
    Rule("said", STATED_DANGER, ("in_danger_said",), excluded=_EXCLUSIONS),
    Rule("self", SELF_HARM, ("jumps",), excluded=_EXCLUSIONS),
    Rule("fire", FIRE, ("fire", "someone|right_now|trapped"), 15, _EXCLUSIONS),
    Rule("gas", FIRE, ("gas", "leaks", "someone|right_now|structure"), 12, _EXCLUSIONS),
    Rule("no_way_out", FIRE, ("no_way_out", "someone"), 15, _EXCLUSIONS),
    Rule("current", LIVE_ELECTRICITY, ("current", "live_wire", "someone|exposed_people"), 8, _EXCLUSIONS),
    Rule("child", VIOLENCE, ("beats", "child"), 12, _EXCLUSIONS),
    Rule("violence", VIOLENCE, ("beats", "kills|right_now"), 15, _EXCLUSIONS),
    Rule("shots", VIOLENCE, ("shoots", "kills"), 3, _EXCLUSIONS),
    Rule("swept", TRAPPED, ("flood", "someone", "trapped|harmed|lift"), 12, _EXCLUSIONS),
    Rule("brakes", FALLING, ("brakes", "someone"), 10, (*_EXCLUSIONS, "past")),
    Rule("weapon", VIOLENCE, ("kills", "shoots|right_now"), 10, _EXCLUSIONS),
    Rule("minors", VIOLENCE, ("selling_minors", "exploit"), 10),
    Rule("trapped", TRAPPED, ("trapped", "someone", "lift|beats"), 10, _EXCLUSIONS),
    Rule("falling", FALLING, ("collapses", "structure", "exposed_people|someone"), 10, _EXCLUSIONS),
    Rule("hole", OPEN_HOLE, ("manhole", "open", "someone|harmed"), 10, _EXCLUSIONS),
    Rule("poison", ILLNESS, ("poison", "many_ill"), 15, _EXCLUSIONS),
    Rule("breath", ILLNESS, ("many_ill", "gas", "right_now"), 20, _EXCLUSIONS),
)


def detect_danger(text: str) -> Hit | None:
    """Return why `text` describes a present danger to life, with the words, or None."""
    places = LEXICON.find(text)
    hit = find_first_hit(RULES, places)
    if not load_model("danger").is_positive(text, places, hit):
        return None
    return hit or Hit("likeness", SIMILAR_WORDING, load_model("danger").get_top_words(text, places))


def extract_features(text: str) -> dict[str, float]:
    """Return the named features of a text for training."""
    places = LEXICON.find(text)
    return build_features(text, places, find_first_hit(RULES, places))
