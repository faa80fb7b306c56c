"""A reply in parts makes one text; where to object comes from the policy; no blank of a template is left."""

from datetime import date

import pytest

from bekhedmetkom.cases.rules.quality import (
    FindingCode,
    ReplyContext,
    is_based_on_template,
    judge_decision,
    judge_reply,
)
from bekhedmetkom.cases.rules.reply_parts import (
    ReplyParts,
    compose_reply,
    describe_appeal,
    find_blank,
    mentions_appeal,
)
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.kernel.text import BilingualText
from tests.rules.cases.test_deadlines import SIMPLE

DONE = "أصلحنا الحفرة وعبّدنا 40 مترًا من الشارع."
ROADS = BilingualText("قسم صيانة الشوارع", "Street maintenance")
SUNDAY = date(2026, 12, 6)


def test_parts_follow_what_was_done_in_the_citizens_language() -> None:
    parts = ReplyParts(DONE, ROADS, SUNDAY, "لك أن تعترض.")
    assert compose_reply(parts, "ar") == (
        f"{DONE}\n\nالقسم المسؤول: قسم صيانة الشوارع. التاريخ: الأحد 6 كانون الأول 2026.\n\nلك أن تعترض."
    )
    assert "Responsible unit: Street maintenance. Date: Sunday 6 December 2026." in compose_reply(parts, "en")


def test_whoever_prefers_one_text_has_it_as_it_is() -> None:
    assert compose_reply(ReplyParts(DONE), "ar") == DONE
    assert compose_reply(ReplyParts(DONE, on=SUNDAY), "ar") == f"{DONE}\n\nالتاريخ: الأحد 6 كانون الأول 2026."


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_policys_words_on_objecting_are_ones_that_tell_it(language: str) -> None:
    told = describe_appeal(SIMPLE, language)
    assert "30" in told
    assert mentions_appeal(told)
    assert not mentions_appeal(DONE)


def test_a_reply_in_parts_misses_nothing_that_its_parts_say() -> None:
    context = ReplyContext(Kind.COMPLAINT, Disposition.UPHELD)
    whole = compose_reply(ReplyParts(DONE, objection=describe_appeal(SIMPLE, "ar")), "ar")
    missing = {found.code for found in judge_reply(whole, context).findings}
    assert missing == {FindingCode.UNIT, FindingCode.WHEN}
    given = ReplyContext(
        Kind.COMPLAINT, Disposition.UPHELD, given=frozenset({FindingCode.UNIT, FindingCode.WHEN})
    )
    assert judge_reply(whole, given).score == 100


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("سألت عن {موضوع السؤال}.", "موضوع السؤال"),
        ("{ الجواب }", "الجواب"),
        ("{{التاريخ}}", "التاريخ"),
        ("لا فراغ هنا { ولا هنا", ""),
        ("{}", ""),
    ],
)
def test_a_blank_is_found_by_its_name(text: str, name: str) -> None:
    assert find_blank(text) == name


def test_a_template_counts_as_used_while_half_of_it_is_there() -> None:
    template = "كشفنا على الموقع يوم {التاريخ}، ووجدنا {ما وُجد}. أصلح العطل {القسم المسؤول} في اليوم نفسه."
    filled = (
        template.replace("{التاريخ}", "الأحد").replace("{ما وُجد}", "حفرة").replace("{القسم المسؤول}", "القسم")
    )
    assert is_based_on_template(filled, template)
    assert not is_based_on_template(DONE, template)
    assert not is_based_on_template(DONE, "")


def test_a_decision_is_judged_for_what_says_nothing_and_no_more() -> None:
    assert judge_decision("زرت الموقع، والحفرة باقية.", Kind.COMPLAINT).score == 100
    assert judge_decision("تم اتخاذ الإجراءات اللازمة.", Kind.COMPLAINT).blocks
