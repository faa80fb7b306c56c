"""Replies: what says nothing is seen in every spelling, what is missing is named, and good replies go out."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.cases.rules.quality import (
    THRESHOLD,
    WEIGHTS,
    Code,
    Context,
    Finding,
    Judgement,
    Past,
    judged,
    sentences,
)
from bekhedmetkom.catalogue.rules import DISPOSITIONS, Disposition, Kind
from bekhedmetkom.kernel.words import Words

OBJECT = "إن لم يُحل الأمر فقل ذلك في صفحة طلبك، ولك أن تعترض خلال 30 يومًا فيراجعه موظف آخر."
GOOD = f"ردم قسم صيانة الشوارع الحفرة أمام المدرسة يوم الأربعاء 2 كانون الأول. {OBJECT}"
COMPLAINT = Context(Kind.COMPLAINT, Disposition.UPHELD)

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


def of(found: Judgement) -> set[Code]:
    return {finding.code for finding in found.findings}


@pytest.mark.parametrize("sentence", SAYS_NOTHING)
def test_a_reply_that_says_nothing_does_not_go_out(sentence: str) -> None:
    found = judged(sentence, COMPLAINT)
    assert Code.EMPTY in of(found)
    assert found.blocks


@pytest.mark.parametrize("sentence", [one for one in SAYS_NOTHING if one not in THANKS])
def test_a_good_reply_with_an_empty_closing_does_not_go_out_either(sentence: str) -> None:
    text = f"{GOOD} {sentence}"
    found = judged(text, COMPLAINT)
    assert found.blocks
    (empty,) = (finding for finding in found.findings if finding.code is Code.EMPTY)
    assert empty.start is not None
    assert text[empty.start : empty.end] == sentence
    assert empty.quote == sentence
    assert empty.said.ar.startswith(f"«{sentence}»")


@pytest.mark.parametrize("thanks", sorted(THANKS))
def test_thanks_beside_an_answer_are_welcome(thanks: str) -> None:
    assert judged(f"{GOOD} {thanks}", COMPLAINT).score == 100


@pytest.mark.parametrize("sentence", SAYS_SOMETHING)
def test_what_tells_something_is_left_in_peace(sentence: str) -> None:
    assert Code.EMPTY not in of(judged(sentence, COMPLAINT))


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
    plain, other = judged(text, COMPLAINT), judged(spelled(text, extra), COMPLAINT)
    assert [found.code for found in other.findings] == [found.code for found in plain.findings]
    assert other.score == plain.score


@given(st.text(max_size=300))
def test_any_text_is_judged_and_each_place_is_one(text: str) -> None:
    found = judged(text, COMPLAINT)
    assert 0 <= found.score <= 100
    for finding in found.findings:
        if finding.start is not None:
            assert finding.end is not None
            assert 0 <= finding.start < finding.end <= len(text)
    places = [place for one in sentences(text) for place in (one.start, one.end)]
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
    assert not judged(text, Context(Kind.COMPLAINT, disposition)).blocks


# The parts


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (GOOD, set()),
        (f"رُدمت الحفرة يوم الأربعاء. {OBJECT}", {Code.UNIT}),
        (f"ردم قسم الشوارع الحفرة. {OBJECT}", {Code.WHEN}),
        ("ردم قسم الشوارع الحفرة. لك أن تعترض.", {Code.WHEN}),
        ("ردم قسم الشوارع الحفرة أمس.", {Code.OBJECT}),
        ("أُصلحت.", {Code.UNIT, Code.WHEN, Code.OBJECT}),
        ("قسم الشوارع يوم الأحد. لك أن تعترض.", {Code.DECISION}),
        ("رد", {Code.DECISION, Code.UNIT, Code.WHEN, Code.OBJECT}),
        (f"رد. {OBJECT}", {Code.DECISION, Code.UNIT, Code.WHEN}),
    ],
)
def test_what_a_reply_to_a_complaint_lacks_is_named(text: str, missing: set[Code]) -> None:
    assert of(judged(text, COMPLAINT)) == missing


@pytest.mark.parametrize(
    "when",
    ["بتاريخ 3/12/2026", "في ٣/١٢", "2026-12-03", "أمس", "الأحد", "خلال 5 أيام عمل", "في شباط", "on Monday", "in June"],
)  # fmt: skip
def test_a_day_or_a_date_says_when(when: str) -> None:
    assert Code.WHEN not in of(judged(f"ردم القسم الحفرة {when}", COMPLAINT))


def test_a_unit_of_the_directory_is_known_by_its_name() -> None:
    text = "رُدمت الحفرة أمس، نفذت ذلك الرقابة والتفتيش"
    assert Code.UNIT in of(judged(text, COMPLAINT))
    known = Context(Kind.COMPLAINT, Disposition.UPHELD, units=("الرّقابة والتفتيش", "Control"))
    assert Code.UNIT not in of(judged(text, known))


@pytest.mark.parametrize(
    ("kind", "disposition", "text"),
    [
        (Kind.PRAISE, Disposition.ANSWERED, "وصل شكرك إلى زميلنا وسُجّل في ملفه."),
        (Kind.QUESTION, Disposition.ANSWERED, "الرسم 20 دينارًا. أجابك قسم الرخص."),
        (Kind.COMPLAINT, Disposition.INSUFFICIENT, "اكتب لنا رقم الاشتراك."),
        (Kind.COMPLAINT, Disposition.BEFORE_COURT, "الأمر منظور أمام محكمة عمان."),
        (Kind.COMPLAINT, Disposition.OUT_OF_SCOPE, "هذا من عمل شركة المياه، وهاتفها 117116."),
        (Kind.SUGGESTION, Disposition.NOT_ADOPTED, "درس قسم الحدائق اقتراحك، ورفضه لأن كلفته كبيرة."),
        (Kind.VIOLATION, Disposition.UPHELD, "كشف المفتش أمس وحرر مخالفة."),
        (Kind.COMPLAINT, Disposition.ABUSE, "إزعاج"),
    ],
)
def test_each_kind_and_outcome_asks_for_its_own_parts(
    kind: Kind, disposition: Disposition, text: str
) -> None:
    assert judged(text, Context(kind, disposition)).findings == []


@pytest.mark.parametrize(
    ("disposition", "text", "said"),
    [
        (Disposition.INSUFFICIENT, "لم نستطع.", "ما الذي ينقص"),
        (Disposition.BEFORE_COURT, "لا نستطيع.", "المحكمة"),
        (Disposition.OUT_OF_SCOPE, "ليس من عملنا.", "إلى من يتوجه"),
    ],
)
def test_what_is_no_decision_is_said_in_the_words_of_the_outcome(
    disposition: Disposition, text: str, said: str
) -> None:
    found = judged(text, Context(Kind.COMPLAINT, disposition))
    assert found.blocks
    assert said in found.findings[0].words.ar


def test_a_long_answer_tells_something_whatever_its_verbs() -> None:
    text = "شارعكم خارج حدود التنظيم، وميله نحو الوادي، وأقرب خط تصريف على بعد كيلومتر، فلا مجرى للماء غيره."
    assert Code.DECISION not in of(judged(text, COMPLAINT))


def test_a_blank_of_a_template_does_not_go_out() -> None:
    found = judged(f"{GOOD} أنجز قسم الشوارع {{ما أُنجز}} أمس.", COMPLAINT)
    assert found.blocks
    assert [(one.code, one.quote) for one in found.findings] == [(Code.BLANK, "{ما أُنجز}")]


# Likeness

OWN = "فحص قسم العدادات عدادك يوم الأحد ووجد القراءة صحيحة، وأرسل نسخة من الفحص إلى بريدك."


def likely(text: str, *past: Past, templates: tuple[str, ...] = ()) -> bool:
    context = Context(
        Kind.COMPLAINT, Disposition.NOT_UPHELD, matter="topic 1", past=past, templates=templates
    )
    return Code.ALIKE in of(judged(text, context))


def test_a_reply_pasted_to_another_matter_is_seen() -> None:
    assert likely(OWN, Past(OWN.replace("الأحد", "الإثنين"), "topic 2", "BK-1111-1111"))
    assert not likely(OWN, Past(GOOD, "topic 2", "BK-1111-1111"))


def test_the_same_matter_may_have_the_same_answer() -> None:
    assert not likely(OWN, Past(OWN, "topic 1", "BK-1111-1111"))


def test_numbers_that_were_changed_do_not_make_it_another_reply() -> None:
    text = "دفعت 40 دينارًا وأعدنا 20 منها إلى حسابك رقم 5566 وبقي 20 للشهر القادم عند قسم المشتركين."
    assert likely(text, Past(text.replace("20", "75").replace("5566", "91"), "topic 2", "BK-1111-1111"))


def test_what_a_template_says_does_not_count() -> None:
    template = f"{OWN} إن لم يُحل الأمر فقل ذلك في صفحة طلبك {{كيف}}."
    assert not likely(OWN, Past(OWN, "topic 2", "BK-1111-1111"), templates=(template,))


def test_the_other_case_is_named() -> None:
    found = judged(OWN, Context(Kind.PRAISE, past=[Past(OWN, "topic 2", "BK-7F3K-92MD")]))
    assert "BK-7F3K-92MD" in found.findings[0].words.ar


# Reading


def test_a_long_sentence_and_officialese_are_advice() -> None:
    long = " ".join(["حفرة"] * 40)
    found = judged(f"{GOOD} ثم {long}. نود إعلامكم بأن الشارع مفتوح.", COMPLAINT)
    assert of(found) == {Code.LONG, Code.OFFICIALESE}
    assert found.score == 94


# The score


def test_advice_alone_never_blocks_and_each_of_the_rest_does() -> None:
    advice = {code for code, weight in WEIGHTS.items() if 100 - weight >= THRESHOLD}
    assert set(WEIGHTS) - advice == {Code.EMPTY, Code.BLANK, Code.DECISION}
    assert 100 - sum(WEIGHTS[code] for code in advice) >= THRESHOLD


def test_a_code_costs_its_weight_once() -> None:
    found = judged(f"{GOOD} تمت المتابعة. جرى اللازم.", COMPLAINT)
    assert len(found.findings) == 2
    assert found.score == 45


def test_a_learned_detector_joins_behind_the_same_interface() -> None:
    def learned(text: str, context: Context) -> Iterator[Finding]:
        yield Finding(Code.EMPTY, Words(text, str(context.kind)), 55, 0, len(text))

    assert judged(GOOD, COMPLAINT, [learned]).blocks


def test_every_outcome_of_every_kind_can_be_judged() -> None:
    for kind, dispositions in DISPOSITIONS.items():
        for disposition in (None, *dispositions):
            assert judged("", Context(kind, disposition)).score <= 100


# The demonstration's replies

BLANKS = {
    "ar": {"team": "قسم صيانة الشوارع", "done": "الأربعاء 2 كانون الأول", "soon": "الأحد 6 كانون الأول",
           "since": "1 تشرين الثاني", "body": "أمانة عمان"},
    "en": {"team": "the Street Department", "done": "Wednesday 2 December", "soon": "Sunday 6 December",
           "since": "1 November", "body": "Greater Amman"},
}  # fmt: skip


def demo() -> Iterator[tuple[Kind, Disposition, str]]:
    for sheet in ("texts", "replies"):
        with Path(f"data/demo/{sheet}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                outcome = row["outcome"].split()[0].replace("again", "upheld")
                kind = row.get("kind") or ("suggestion" if "adopted" in outcome else "complaint")
                if outcome in set(Disposition) and row["reply"]:
                    filled = row["reply"].format_map(_Blanks(BLANKS[row["language"]]))
                    yield Kind(kind), Disposition(outcome), filled


class _Blanks(dict[str, str]):
    def __missing__(self, blank: str) -> str:
        return f"12 {blank}"


def test_the_replies_of_the_demonstration_go_out() -> None:
    replies = list(demo())
    assert len(replies) > 250
    assert [text for kind, outcome, text in replies if judged(text, Context(kind, outcome)).score < 70] == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_templates_of_the_directory_go_out_once_they_are_filled(language: str) -> None:
    fills = {
        "اسم القسم": "قسم التراخيص", "التاريخ": "يوم الأحد", "الجهة المختصة": "شركة المياه",
        "department": "the Licences Department", "date": "Sunday", "competent body": "the Water Company",
    }  # fmt: skip
    with Path("data/directory/response_templates.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            context = Context(Kind(row["kind"]), Disposition(row["disposition"]))
            body = row[f"body_{language}"]
            assert judged(body, context).blocks
            filled = re.sub(r"\{(.+?)\}", lambda blank: fills.get(blank[1], f"شيء من {blank[1]}"), body)
            assert judged(filled, context).score >= 80, (filled, judged(filled, context).findings)
