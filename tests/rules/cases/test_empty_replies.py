"""Sentences of replies that say nothing, in the shapes they come in; and those near them that say something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.cases.rules.quality import (
    FindingCode,
    Judgement,
    ReplyContext,
    judge_reply,
    split_sentences,
)
from bekhedmetkom.catalogue.rules import Disposition, Kind

OBJECT = "إن لم يُحل الأمر فقل ذلك في صفحة طلبك، ولك أن تعترض خلال 30 يومًا فيراجعه موظف آخر."
GOOD = f"ردم قسم صيانة الشوارع الحفرة أمام المدرسة يوم الأربعاء 2 كانون الأول. {OBJECT}"
COMPLAINT = ReplyContext(Kind.COMPLAINT, Disposition.UPHELD)

SAYS_NOTHING = """
تم اتخاذ الإجراءات اللازمة.
سيتم اتخاذ كافة الإجراءات القانونية اللازمة بحق المخالفين.
اتخذنا التدابير المناسبة.
اتُّخذت الاجراءات المناسبه بهذا الخصوص
تم إجراء اللازم حسب الأصول.
جرى اللازم.
تمّ اللازم
وتمّ عمل اللازم
سيتم عمل ما يلزم.
سنقوم باللازم بهذا الشأن.
أُخذت ملاحظتك بعين الاعتبار.
سنأخذ اقتراحكم بعين الإعتبار.
وسيؤخذ ذلك بعين الاعتبار مستقبلًا
شكواكم محط اهتمامنا.
طلبكم موضع عنايتنا واهتمامنا.
ملاحظاتكم محلّ تقديرنا.
تحظى شكواكم ببالغ الاهتمام
سيتم النظر في طلبكم.
سيتم النّظر بالموضوع
سينظر في الأمر.
سيتم دراسة اقتراحكم.
سوف يتم متابعة الموضوع.
سنتابع الموضوع.
طلبك قيد الدراسة.
الشكوى قيد المتابعة
العمل جارٍ على حل المشكلة.
تم التعامل مع الشكوى.
تمت معالجة الموضوع.
تمت المتابعة.
تم حل المشكلة.
تم تحويل شكواكم إلى الجهات المعنية.
تمت مخاطبة الجهات المختصة.
تم الإيعاز للمعنيين.
تم التنسيق مع الجهات ذات العلاقة.
يرجى مراجعة القسم المختص.
تم استلام طلبكم.
وصلتنا شكواكم.
تم إغلاق الطلب.
سيتم التواصل معكم.
سنتواصل معكم في أقرب وقت ممكن.
سيتم العمل على حل المشكلة قريبًا.
سيتم ذلك ضمن الإمكانيات المتاحة.
يتم العمل وفق الأنظمة والتعليمات.
نحرص على خدمتكم دائمًا.
نسعى دائمًا لتقديم أفضل الخدمات.
لن ندخر جهدًا في خدمتكم.
شكرًا لتواصلكم.
نشكركم على اهتمامكم.
مع فائق الاحترام والتقدير.
نثمّن تعاونكم معنا.
تم أخذ العلم بما ورد.
تم حل الإشكال.
ستتم مراجعة الأمر من قبل الإدارة.
سنعمل جاهدين على تلافي ذلك مستقبلًا.
نعمل على تحسين خدماتنا باستمرار.
نأسف لما حدث ونعدكم بالأفضل.
The issue has been resolved.
We are working on it.
The necessary measures have been taken.
Appropriate action will be taken.
Your comments were taken into consideration.
We take your feedback very seriously.
Your complaint has been forwarded to the concerned department.
Your request is under review.
The matter has been dealt with.
Your complaint has been handled.
We will look into it.
We will get back to you soon.
Your case has been received.
Every effort is being made.
Thank you for contacting us.
""".strip().splitlines()

# These say nothing where nothing else is said, and are welcome beside an answer.
THANKS = {
    "شكرًا لتواصلكم.", "نشكركم على اهتمامكم.", "مع فائق الاحترام والتقدير.", "نثمّن تعاونكم معنا.",
    "نأسف لما حدث ونعدكم بالأفضل.", "Thank you for contacting us.",
}  # fmt: skip

# Near to the banned ones in their words, and each of them tells something.
SAYS_SOMETHING = """
الإجراءات المطلوبة للترخيص: عقد إيجار مصدق، وسجل تجاري، ومخطط موقع.
وصلت القطعة اللازمة إلى الميناء، ونركبها يوم الأحد.
أغلقنا المحل ثلاثة أيام وحررنا مخالفة بحق صاحبه.
سيتم تركيب العداد يوم الثلاثاء 8 كانون الأول.
حُلّت المشكلة باستبدال المضخة.
حوّلنا طلبك إلى قسم الإنارة، ويرد عليك قبل الخميس.
سنتابع العمل مع المقاول كل أسبوع حتى 15/12.
درس القسم اقتراحك ولم يعتمده لأن كلفته خارج الموازنة.
انخفض زمن العبور إلى النصف تقريبًا.
راجع مكتب أحوال الزرقاء ومعك دفتر العائلة.
شكرًا لأنك ذكرت الساعة: ضُبطت المركبة في اليوم نفسه.
The missing step is the health certificate; apply for it at the centre in Zarqa.
We will look at it again on Sunday.
The pump was replaced on 3 December.
""".strip().splitlines()


def of(found: Judgement) -> set[FindingCode]:
    return {finding.code for finding in found.findings}


@pytest.mark.parametrize("sentence", SAYS_NOTHING)
def test_a_reply_that_says_nothing_does_not_go_out(sentence: str) -> None:
    found = judge_reply(sentence, COMPLAINT)
    assert FindingCode.EMPTY in of(found)
    assert found.blocks


@pytest.mark.parametrize("sentence", [one for one in SAYS_NOTHING if one not in THANKS])
def test_a_good_reply_with_an_empty_closing_does_not_go_out_either(sentence: str) -> None:
    text = f"{GOOD} {sentence}"
    found = judge_reply(text, COMPLAINT)
    assert found.blocks
    (empty,) = (finding for finding in found.findings if finding.code is FindingCode.EMPTY)
    assert empty.start is not None
    assert text[empty.start : empty.end] == sentence
    assert empty.quote == sentence
    assert empty.said.ar.startswith(f"«{sentence}»")


@pytest.mark.parametrize("thanks", sorted(THANKS))
def test_thanks_beside_an_answer_are_welcome(thanks: str) -> None:
    assert judge_reply(f"{GOOD} {thanks}", COMPLAINT).score == 100


@pytest.mark.parametrize("sentence", SAYS_SOMETHING)
def test_what_tells_something_is_left_in_peace(sentence: str) -> None:
    assert FindingCode.EMPTY not in of(judge_reply(sentence, COMPLAINT))


def spelled(text: str, extra: list[str]) -> str:
    """The same text with marks after its Arabic letters and more blanks where there is one."""
    marks = iter(extra * len(text))
    return "".join(
        letter + next(marks)
        if "\u0621" <= letter <= "\u064a"
        else letter + " \u00a0"
        if letter == " "
        else letter
        for letter in text
    )


@given(
    text=st.sampled_from([*SAYS_NOTHING, *SAYS_SOMETHING, GOOD]),
    extra=st.lists(
        st.sampled_from(["", "ـ", "ـــ", "\u064e", "\u0651\u064f", "\u0652", "\u200c"]),
        min_size=1,
        max_size=9,
    ),
)
def test_blanks_diacritics_and_tatweel_change_nothing(text: str, extra: list[str]) -> None:
    plain, other = judge_reply(text, COMPLAINT), judge_reply(spelled(text, extra), COMPLAINT)
    assert [found.code for found in other.findings] == [found.code for found in plain.findings]
    assert other.score == plain.score


@given(st.text(max_size=300))
def test_any_text_is_judged_and_each_place_is_one(text: str) -> None:
    found = judge_reply(text, COMPLAINT)
    assert 0 <= found.score <= 100
    for finding in found.findings:
        if finding.start is not None:
            assert finding.end is not None
            assert 0 <= finding.start < finding.end <= len(text)
    places = [place for one in split_sentences(text) for place in (one.start, one.end)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("text", "disposition"),
    [
        ("بنينا جدارًا استناديًا بطول 12 مترًا.", Disposition.UPHELD),
        ("قصصنا الأغصان التي تلامس الأسلاك.", Disposition.UPHELD),
        ("طلبك مقبول، والبطاقة جاهزة في مكتب إربد.", Disposition.UPHELD),
        ("تم توسيع المدخل وتركيب حاجز.", Disposition.UPHELD),
        ("سيتم نقل الحاوية إلى الجهة المقابلة غدًا.", Disposition.UPHELD),
        ("لا يمكن منح الرخصة لأن البناء داخل حرم الطريق.", Disposition.NOT_UPHELD),
        ("Your meter reads correctly; we tested it in our laboratory.", Disposition.NOT_UPHELD),
        ("We moved the bus stop fifty metres and painted a crossing.", Disposition.UPHELD),
    ],
)
def test_a_short_decision_is_one(text: str, disposition: Disposition) -> None:
    assert not judge_reply(text, ReplyContext(Kind.COMPLAINT, disposition)).blocks
