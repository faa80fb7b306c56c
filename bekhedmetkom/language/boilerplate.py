"""Detection of boilerplate sentences in replies, such as "the necessary measures were taken".

Word lists (`words/boilerplate.txt`, `words/reply_content.txt`) and rules over their positions; each hit carries its
reason for the writer.
"""

import re
from functools import lru_cache

from bekhedmetkom.kernel.text import BilingualText

from .lexicon import ConceptPositions, Hit, Lexicon, Rule, find_first_hit
from .normalisation import fold_text
from .word_lists import read_concepts

_MEASURES = BilingualText("أي إجراء؟ سمّه، وقل متى تم.", "Which measure? Name it, and say when it was taken.")
_REGARD = BilingualText("ماذا تغيّر بسبب ما كتبه؟", "What changed because of what the person wrote?")
_PROMISE = BilingualText(
    "هذا وعد بلا موعد. قل من سيفعل ماذا، ومتى.",
    "A promise without a date. Say who will do what, and when.",
)
_UNDER_WAY = BilingualText("قل أين وصل العمل، ومتى ينتهي.", "Say how far the work is, and when it ends.")
_HANDLED = BilingualText("كيف عولج؟ قل ما الذي أُنجز.", "Handled how? Say what was done.")
_PASSED_ON = BilingualText(
    "من هي الجهة؟ سمّها، وقل متى ترد.", "Which body? Name it, and say when it will answer."
)
_RECEIVED = BilingualText(
    "يعرف صاحب الطلب أنه وصل. قل ما النتيجة.", "The person knows that it arrived. Say what came of it."
)
_BY_THE_RULES = BilingualText(
    "أي نص؟ اذكره، وقل ماذا يعني هنا.", "Which rule? Name it, and say what it means here."
)
_SELF_PRAISE = BilingualText(
    "هذا كلام عنا، لا عن طلبه. احذفه.", "This is about us, not about the case. Leave it out."
)

RULES = (
    Rule("measures", _MEASURES, ("take|done", "measures", "needful"), 5),
    Rule("needful", _MEASURES, ("take|done", "the-needful"), 3),
    Rule("regard", _REGARD, ("regard",)),
    Rule("passed-on", _PASSED_ON, ("passes|done", "the-concerned"), 8),
    Rule("sent-away", _PASSED_ON, ("see", "the-concerned"), 5),
    Rule("promise", _PROMISE, ("done", "considering"), 3, ("when", "deed")),
    Rule("looks-into", _PROMISE, ("looks-into",), excluded=("when", "deed")),
    Rule("under-way", _UNDER_WAY, ("under-way",), excluded=("when",)),
    Rule("handled", _HANDLED, ("done", "handled", "matter"), 5, ("deed",)),
    Rule("bare", _HANDLED, ("bare",), excluded=("deed",)),
    Rule("received", _RECEIVED, ("received",), excluded=("deed",)),
    Rule("closed", _RECEIVED, ("closes", "matter"), 3),
    Rule("soon", _PROMISE, ("soon",), excluded=("when",)),
    Rule("soon", _PROMISE, ("soon-word", "done|looks-into"), excluded=("when",)),
    Rule("by-the-rules", _BY_THE_RULES, ("by-the-rules",), excluded=("deed",)),
    Rule("self-praise", _SELF_PRAISE, ("self-praise",)),
)

CONCEPTS = read_concepts("boilerplate") | read_concepts("reply_content")
LEXICON = Lexicon(CONCEPTS)
_DATE = re.compile(r"\b\d{1,4}[/-]\d{1,2}(?:[/-]\d{1,4})?\b|\b\d{1,2}:\d{2}\b")


@lru_cache(maxsize=2_000)  # a draft is checked at each pause in typing, mostly unchanged
def find_concepts(sentence: str) -> ConceptPositions:
    """Return the concepts found in one sentence with their word numbers; a date counts as `when`."""
    folded = fold_text(sentence)
    places = LEXICON.find_folded(folded)
    if date := _DATE.search(folded):
        places["when"].setdefault(0, date.group())
    return places


def find_boilerplate(sentence: str) -> Hit | None:
    """Return the rule by which a sentence is boilerplate, with the matched words; `None` when it has content."""
    return find_first_hit(RULES, find_concepts(sentence))
