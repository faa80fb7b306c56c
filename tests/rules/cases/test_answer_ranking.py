"""Published answers come to whoever asks the same, and to nobody who only speaks of the same thing."""

import pytest

from bekhedmetkom.cases.rules.search import (
    LIKELY_ANSWER_SCORE,
    SURE_ANSWER_SCORE,
    build_search_query,
    rank_answers,
)

PUBLISHED = {
    "waste": (
        "متى تُجمع النفايات من الحاويات في الأحياء السكنية؟",
        "تُجمع النفايات من حاويات الأحياء السكنية كل ليلة بعد العاشرة، ما عدا الجمعة.",
    ),
    "passport": (
        "ما الأوراق المطلوبة لتجديد جواز السفر؟",
        "الهوية والجواز القديم وصورتان شخصيتان، والرسوم 20 دينارًا في أي مكتب أحوال مدنية.",
    ),
    "licence": (
        "كم رسوم تجديد رخصة القيادة الخصوصي؟",
        "رسوم تجديد رخصة القيادة الخصوصي 30 دينارًا لخمس سنوات، وفحص النظر في المركز نفسه.",
    ),
    "water": (
        "كيف أعرف موعد دور المياه في منطقتي؟",
        "جدول دور المياه منشور على موقع شركة مياهنا حسب المنطقة، ويتغير أول كل شهر.",
    ),
    "bus": (
        "ما مواعيد الباص السريع يوم الجمعة؟",
        "يعمل الباص السريع يوم الجمعة من التاسعة صباحًا حتى العاشرة مساء.",
    ),
    "birth": (
        "كم المدة المسموحة لتسجيل مولود جديد دون غرامة؟",
        "تسجيل المولود الجديد خلال شهر من الولادة بلا غرامة، وبعدها عشرة دنانير.",
    ),
    "marriage": (
        "How do I get a copy of my marriage certificate?",
        "Ask at any Sharia court with your ID; a certified copy of the marriage certificate costs 2 dinars.",
    ),
    "school": (
        "ما شروط نقل الطالب من مدرسة خاصة إلى حكومية؟",
        "يُنقل الطالب قبل بداية الفصل بكتاب من المدرسة الخاصة وكشف علامات مصدق من التربية.",
    ),
}
ASKED = [
    ("waste", "متى بتجمعوا النفايات من الحاويات بالأحياء السكنية"),
    ("waste", "ايمتى بمروا يجمعوا النفايات من الحاويات عنا بالحي"),
    ("passport", "شو الاوراق المطلوبة عشان اجدد جواز السفر"),
    ("passport", "shu el awra2 el matloobe la tajdeed jawaz el safar"),
    ("licence", "قديش رسوم تجديد رخصة القيادة"),
    ("licence", "كم بتكلف رخصة القيادة الخصوصي اذا بدي اجددها"),
    ("water", "كيف بدي اعرف موعد دور المي بمنطقتنا"),
    ("water", "وين بلاقي جدول دور المياه لمنطقة طبربور"),
    ("bus", "شو مواعيد الباص السريع الجمعة"),
    ("birth", "كم معي مدة لتسجيل المولود الجديد بدون غرامة"),
    ("marriage", "I need a copy of my marriage certificate, how can I get it?"),
    ("school", "بدي انقل ابني من مدرسة خاصة لمدرسة حكومية شو الشروط"),
    ("", "الحاوية مكسورة والنفايات بالشارع من اسبوعين"),
    ("", "تأخر جواز السفر تبعي شهر وما حدا برد"),
    ("", "شرطي السير سحب رخصة القيادة بدون سبب"),
    ("", "المي مقطوعة عن منطقتنا من اسبوع وما اجا الدور"),
    ("", "سائق الباص السريع كان يسوق بتهور يوم الجمعة"),
    ("", "متى يفتح مكتب الأحوال المدنية في رمضان"),
    ("", "المدرسة الحكومية بلا تدفئة والطلاب بردانين"),
    ("", "قديش رسوم تجديد رخصة المهن"),
    ("", "كيف أقدم على جواز سفر لأول مرة لمولود جديد"),
    ("", "How do I correct a mistake in my marriage certificate?"),
    ("", "متى موعد دور الفحص الطبي للرخصة"),
    ("", "غرامة تأخير تسجيل السيارة كم"),
]
QUESTIONS = [(want, text) for want, text in ASKED if want]
OTHERS = [text for want, text in ASKED if not want]


def answers(text: str, least: float) -> list[str]:
    return list(rank_answers(text, PUBLISHED, least))


def test_what_is_said_as_the_answer_is_the_answer() -> None:
    """Rather silent than wrong: of twelve questions nine are answered, and of twelve others none."""
    said = [answers(text, SURE_ANSWER_SCORE)[:1] for _, text in QUESTIONS]
    assert all(one in ([], [want]) for one, (want, _) in zip(said, QUESTIONS, strict=True))
    assert sum(map(bool, said)) >= 9
    assert [text for text in OTHERS if answers(text, SURE_ANSWER_SCORE)] == []


def test_what_is_offered_beside_others_is_mostly_right() -> None:
    offered = [answers(text, LIKELY_ANSWER_SCORE)[:1] == [want] for want, text in QUESTIONS]
    assert sum(offered) >= 11
    assert sum(bool(answers(text, LIKELY_ANSWER_SCORE)) for text in OTHERS) <= 3


@pytest.mark.parametrize("text", ["", "؟", "شكرا", "النفايات", "😀", "a" * 4000])
def test_nothing_is_an_answer_to_nothing(text: str) -> None:
    assert answers(text, LIKELY_ANSWER_SCORE) == []
    assert "&" not in build_search_query(text)
