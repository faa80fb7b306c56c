"""Recommendations in words: what to do, and the figures behind it, in both languages."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from bekhedmetkom.kernel.formatting import (
    CASE,
    PERSON,
    CountedNoun,
    format_count,
    format_date,
    format_in_both_languages,
)
from bekhedmetkom.kernel.text import BilingualText

from .indicators import INDICATORS
from .recommendations import Recommendation, Rule


class RecommendationText(NamedTuple):
    """`action`: what to do. `evidence`: the figures behind it."""

    action: BilingualText
    evidence: BilingualText


RECOMMENDATION_TEXTS: Mapping[Rule, RecommendationText] = {
    Rule.LATE: RecommendationText(
        BilingualText(
            "وضع خطة للرد في الموعد، بخطوات وتواريخ",
            "Make a plan for answering on time, with steps and dates",
        ),
        BilingualText(
            "وصل {value} من الردود في موعدها، والهدف {target}. ينقصها {more} في الموعد لتبلغه.",
            "{value} of answers came on time, against a target of {target}. {more} more in time would reach it.",
        ),
    ),
    Rule.FELL: RecommendationText(
        BilingualText("بيان سبب تراجع الرد في الموعد", "Explain why answers on time fell"),
        BilingualText(
            "نزل الرد في الموعد من {before} إلى {value} في شهر واحد.",
            "Answers on time fell from {before} to {value} within a month.",
        ),
    ),
    Rule.OVERDUE: RecommendationText(
        BilingualText("إنهاء الطلبات المتأخرة، الأقدم أولًا", "Clear the overdue cases, the oldest first"),
        BilingualText(
            "بقي عندها آخر الشهر {late} تجاوزت موعدها، وكانت {before} قبل شهر.",
            "{late} stood overdue at the month's end, against {before} a month before.",
        ),
    ),
    Rule.NOT_SOLVED: RecommendationText(
        BilingualText(
            "مراجعة الردود نفسها: تصل في موعدها ولا تحل",
            "Review the answers themselves: in time, yet not solving",
        ),
        BilingualText(
            "{on_time} من الردود في موعدها، وقال {value} فقط ممن أجابوا إنها حُلّت.",
            "{on_time} of answers were on time, yet only {value} of those who said anything call it solved.",
        ),
    ),
    Rule.APPEALS: RecommendationText(
        BilingualText("مراجعة القرار الأول قبل خروجه", "Have first decisions checked before they go out"),
        BilingualText(
            "من {n} حُسمت ثبت {upheld} كله أو بعضه.",
            "Of {n} decided, {upheld} were upheld, wholly or partly.",
        ),
    ),
    Rule.PROBLEM: RecommendationText(
        BilingualText(
            "إصلاح «{named}»، أو إعلان موعد جديد وسببه", "Fix “{named}”, or give a new date and why"
        ),
        BilingualText(
            "وُعد بإصلاحها {fix_on} ولم تُصلح. أبلغ عنها {reported}.",
            "It was to be fixed by {fix_on} and is not. {reported} reported it.",
        ),
    ),
    Rule.PROMISE: RecommendationText(
        BilingualText(
            "تنفيذ ما وُعد به وفات يومه، أو إبلاغ أصحابه",
            "Do what was promised and is past its day, or tell people",
        ),
        BilingualText(
            "{broken} فات يومها هذا الشهر ولم تُنفذ.", "{broken} passed their day this month and are not done."
        ),
    ),
    Rule.RISES: RecommendationText(
        BilingualText(
            "معرفة سبب زيادة «{topic}» ومعالجته", "Find out why “{topic}” rises, and deal with the cause"
        ),
        BilingualText(
            "وصل {now}، وكان {before} في الشهر قبله.", "{now} came, against {before} in the month before."
        ),
    ),
    Rule.RECURRING: RecommendationText(
        BilingualText("حل دائم لـ«{topic}» في {place}", "A lasting solution for “{topic}” in {place}"),
        BilingualText(
            "عاد {again} من {received} طلبًا إلى المكان نفسه بعد الرد عليه، في آخر 90 يومًا.",
            "{again} of {received} came back to the same place after an answer, in the last 90 days.",
        ),
    ),
    Rule.GOVERNORATE: RecommendationText(
        BilingualText(
            "متابعة خدمة {place} مع الجهات العاملة فيها", "Take up {place} with the bodies that serve it"
        ),
        BilingualText(
            "وصل فيها {value} من الردود في موعدها، والهدف {target}.",
            "{value} of answers there came on time, against a target of {target}.",
        ),
    ),
    Rule.MISROUTED: RecommendationText(
        BilingualText(
            "توضيح ما يخص {other} وما يخص {body}، وتعديل التوجيه",
            "Make clear what belongs to {other} and what to {body}, and mend the routing",
        ),
        BilingualText(
            "أحالت {body} إلى {other} في الشهر {cases}.",
            "{body} sent {cases} on to {other} in the month.",
        ),
    ),
    Rule.UNIT: RecommendationText(
        BilingualText(
            "دعم «{unit}» ليلحق بسائر الجهة", "Support “{unit}” so that it catches up with the rest"
        ),
        BilingualText(
            "وصل {value} من ردوده في موعدها، وفي الجهة كلها {all}.",
            "{value} of its answers came on time; {all} in the body as a whole.",
        ),
    ),
    Rule.LOW_RESPONSE: RecommendationText(
        BilingualText(
            "سؤال الناس بعد الرد: هل حُلّت؟ بالرسالة والهاتف",
            "Ask people after the answer whether it solved things",
        ),
        BilingualText(
            "قال {value} فقط من أصحاب {n} هل حُلّت، فكلمة المواطن هنا غير أكيدة.",
            "Only {value} of {n} drew a yes or no, so the citizen's word is unsure here.",
        ),
    ),
    Rule.EXAMPLE: RecommendationText(
        BilingualText("تعميم طريقة {body}", "Histogram how {body} works"),
        BilingualText(
            "بلغت الهدفين معًا: {value} في الموعد، و{solved} حُلّت بقول أصحابها.",
            "It reached both targets: {value} on time, {solved} solved, citizens say.",
        ),
    ),
}

REPLY = CountedNoun("لا ردود", "رد واحد", "ردّان", "ردّين", "ردود", "ردًا", "رد", "answer", "answers")
APPEAL = CountedNoun(
    "لا اعتراضات", "اعتراض واحد", "اعتراضان", "اعتراضين", "اعتراضات", "اعتراضًا", "اعتراض", "appeal", "appeals"
)
PROMISE = CountedNoun("لا وعود", "وعد واحد", "وعدان", "وعدين", "وعود", "وعدًا", "وعد", "promise", "promises")
# What is counted, by the blank; a rule's own before everybody's. Without a noun: the number alone.
_NOUNS_BY_COUNT: Mapping[str, CountedNoun] = {
    "more": REPLY, "late": CASE, "broken": PROMISE, "reported": PERSON, "now": CASE, "cases": CASE,
}  # fmt: skip
_NOUNS_BY_RULE: Mapping[tuple[Rule, str], CountedNoun] = {
    (Rule.APPEALS, "n"): APPEAL,
    (Rule.LOW_RESPONSE, "n"): REPLY,
}
_COUNTS_AFTER_PREPOSITION = frozenset({"n"})  # stands after a preposition


def render_recommendation(
    one: Recommendation, names: Mapping[str, BilingualText], percent: Callable[[float], BilingualText]
) -> RecommendationText:
    """Its words with every blank filled. `names`: body, other, topic, place, unit; `percent` writes a share."""
    filling: dict[str, object] = {**names, "target": percent(INDICATORS["on_time"].target or 0.0)}
    filling |= {name: percent(reading.value or 0) for name, reading in one.shares.items()}
    filling |= {name: _format_count(one.rule, name, n) for name, n in one.counts.items()}
    filling |= {name: format_in_both_languages(format_date, day) for name, day in one.days.items()}
    if one.problem_name:
        filling["named"] = one.problem_name
    return RecommendationText(*(words.format(**filling) for words in RECOMMENDATION_TEXTS[one.rule]))


def _format_count(rule: Rule, name: str, n: int) -> BilingualText:
    noun = _NOUNS_BY_RULE.get((rule, name)) or _NOUNS_BY_COUNT.get(name)
    if noun is None:
        return BilingualText(f"{n:,}", f"{n:,}")
    after = name in _COUNTS_AFTER_PREPOSITION
    return format_in_both_languages(
        lambda n, noun, language: format_count(n, noun, language, after=after), n, noun
    )
