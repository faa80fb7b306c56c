"""Replies: what says nothing is seen in every spelling, what is missing is named, and good replies go out."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bekhedmetkom.cases.rules.quality import (
    FINDING_WEIGHTS,
    MIN_SCORE,
    Finding,
    FindingCode,
    Judgement,
    PastReply,
    ReplyContext,
    judge_reply,
)
from bekhedmetkom.catalogue.rules import DISPOSITIONS_BY_KIND, Disposition, Kind
from bekhedmetkom.kernel.text import BilingualText

OBJECT = "إن لم يُحل الأمر فقل ذلك في صفحة طلبك، ولك أن تعترض خلال 30 يومًا فيراجعه موظف آخر."
GOOD = f"ردم قسم صيانة الشوارع الحفرة أمام المدرسة يوم الأربعاء 2 كانون الأول. {OBJECT}"
COMPLAINT = ReplyContext(Kind.COMPLAINT, Disposition.UPHELD)


def of(found: Judgement) -> set[FindingCode]:
    return {finding.code for finding in found.findings}


# The parts


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (GOOD, set()),
        (f"رُدمت الحفرة يوم الأربعاء. {OBJECT}", {FindingCode.UNIT}),
        (f"ردم قسم الشوارع الحفرة. {OBJECT}", {FindingCode.WHEN}),
        ("ردم قسم الشوارع الحفرة. لك أن تعترض.", {FindingCode.WHEN}),
        ("ردم قسم الشوارع الحفرة أمس.", {FindingCode.OBJECT}),
        ("أُصلحت.", {FindingCode.UNIT, FindingCode.WHEN, FindingCode.OBJECT}),
        ("قسم الشوارع يوم الأحد. لك أن تعترض.", {FindingCode.DECISION}),
        ("رد", {FindingCode.DECISION, FindingCode.UNIT, FindingCode.WHEN, FindingCode.OBJECT}),
        (f"رد. {OBJECT}", {FindingCode.DECISION, FindingCode.UNIT, FindingCode.WHEN}),
    ],
)
def test_what_a_reply_to_a_complaint_lacks_is_named(text: str, missing: set[FindingCode]) -> None:
    assert of(judge_reply(text, COMPLAINT)) == missing


@pytest.mark.parametrize(
    "when",
    ["بتاريخ 3/12/2026", "في ٣/١٢", "2026-12-03", "أمس", "الأحد", "خلال 5 أيام عمل", "في شباط", "on Monday", "in June"],
)  # fmt: skip
def test_a_day_or_a_date_says_when(when: str) -> None:
    assert FindingCode.WHEN not in of(judge_reply(f"ردم القسم الحفرة {when}", COMPLAINT))


def test_a_unit_of_the_directory_is_known_by_its_name() -> None:
    text = "رُدمت الحفرة أمس، نفذت ذلك الرقابة والتفتيش"
    assert FindingCode.UNIT in of(judge_reply(text, COMPLAINT))
    known = ReplyContext(Kind.COMPLAINT, Disposition.UPHELD, units=("الرّقابة والتفتيش", "Control"))
    assert FindingCode.UNIT not in of(judge_reply(text, known))


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
    assert judge_reply(text, ReplyContext(kind, disposition)).findings == []


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
    found = judge_reply(text, ReplyContext(Kind.COMPLAINT, disposition))
    assert found.blocks
    assert said in found.findings[0].words.ar


def test_a_long_answer_tells_something_whatever_its_verbs() -> None:
    text = "شارعكم خارج حدود التنظيم، وميله نحو الوادي، وأقرب خط تصريف على بعد كيلومتر، فلا مجرى للماء غيره."
    assert FindingCode.DECISION not in of(judge_reply(text, COMPLAINT))


def test_a_blank_of_a_template_does_not_go_out() -> None:
    found = judge_reply(f"{GOOD} أنجز قسم الشوارع {{ما أُنجز}} أمس.", COMPLAINT)
    assert found.blocks
    assert [(one.code, one.quote) for one in found.findings] == [(FindingCode.BLANK, "{ما أُنجز}")]


# Likeness

OWN = "فحص قسم العدادات عدادك يوم الأحد ووجد القراءة صحيحة، وأرسل نسخة من الفحص إلى بريدك."


def likely(text: str, *past: PastReply, templates: tuple[str, ...] = ()) -> bool:
    context = ReplyContext(
        Kind.COMPLAINT, Disposition.NOT_UPHELD, matter="topic 1", past=past, templates=templates
    )
    return FindingCode.ALIKE in of(judge_reply(text, context))


def test_a_reply_pasted_to_another_matter_is_seen() -> None:
    assert likely(OWN, PastReply(OWN.replace("الأحد", "الإثنين"), "topic 2", "BK-1111-1111"))
    assert not likely(OWN, PastReply(GOOD, "topic 2", "BK-1111-1111"))


def test_the_same_matter_may_have_the_same_answer() -> None:
    assert not likely(OWN, PastReply(OWN, "topic 1", "BK-1111-1111"))


def test_numbers_that_were_changed_do_not_make_it_another_reply() -> None:
    text = "دفعت 40 دينارًا وأعدنا 20 منها إلى حسابك رقم 5566 وبقي 20 للشهر القادم عند قسم المشتركين."
    assert likely(text, PastReply(text.replace("20", "75").replace("5566", "91"), "topic 2", "BK-1111-1111"))


def test_what_a_template_says_does_not_count() -> None:
    template = f"{OWN} إن لم يُحل الأمر فقل ذلك في صفحة طلبك {{كيف}}."
    assert not likely(OWN, PastReply(OWN, "topic 2", "BK-1111-1111"), templates=(template,))


def test_the_other_case_is_named() -> None:
    found = judge_reply(OWN, ReplyContext(Kind.PRAISE, past=[PastReply(OWN, "topic 2", "BK-7F3K-92MD")]))
    assert "BK-7F3K-92MD" in found.findings[0].words.ar


# Reading


def test_a_long_sentence_and_officialese_are_advice() -> None:
    long = " ".join(["حفرة"] * 40)
    found = judge_reply(f"{GOOD} ثم {long}. نود إعلامكم بأن الشارع مفتوح.", COMPLAINT)
    assert of(found) == {FindingCode.LONG, FindingCode.OFFICIALESE}
    assert found.score == 94


# The score


def test_advice_alone_never_blocks_and_each_of_the_rest_does() -> None:
    advice = {code for code, weight in FINDING_WEIGHTS.items() if 100 - weight >= MIN_SCORE}
    assert set(FINDING_WEIGHTS) - advice == {FindingCode.EMPTY, FindingCode.BLANK, FindingCode.DECISION}
    assert 100 - sum(FINDING_WEIGHTS[code] for code in advice) >= MIN_SCORE


def test_a_code_costs_its_weight_once() -> None:
    found = judge_reply(f"{GOOD} تمت المتابعة. جرى اللازم.", COMPLAINT)
    assert len(found.findings) == 2
    assert found.score == 45


def test_a_learned_detector_joins_behind_the_same_interface() -> None:
    def learned(text: str, context: ReplyContext) -> Iterator[Finding]:
        yield Finding(FindingCode.EMPTY, BilingualText(text, str(context.kind)), 55, 0, len(text))

    assert judge_reply(GOOD, COMPLAINT, [learned]).blocks


def test_every_outcome_of_every_kind_can_be_judged() -> None:
    for kind, dispositions in DISPOSITIONS_BY_KIND.items():
        for disposition in (None, *dispositions):
            assert judge_reply("", ReplyContext(kind, disposition)).score <= 100


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
    assert [
        text for kind, outcome, text in replies if judge_reply(text, ReplyContext(kind, outcome)).score < 70
    ] == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_templates_of_the_directory_go_out_once_they_are_filled(language: str) -> None:
    fills = {
        "اسم القسم": "قسم التراخيص", "التاريخ": "يوم الأحد", "الجهة المختصة": "شركة المياه",
        "department": "the Licences Department", "date": "Sunday", "competent body": "the Water Company",
    }  # fmt: skip
    with Path("data/directory/response_templates.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            context = ReplyContext(Kind(row["kind"]), Disposition(row["disposition"]))
            body = row[f"body_{language}"]
            assert judge_reply(body, context).blocks
            filled = re.sub(r"\{(.+?)\}", lambda blank: fills.get(blank[1], f"شيء من {blank[1]}"), body)
            assert judge_reply(filled, context).score >= 80, (filled, judge_reply(filled, context).findings)
