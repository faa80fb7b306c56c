"""Which cases say the same thing."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.cases.rules.search import build_search_query, find_most_similar, list_significant_stems
from tests.hostile_values import HOSTILE_TEXTS

HOLE = "في حفرة كبيرة بنص الشارع جنب المدرسة من أسبوعين وبتخرب السيارات"
OTHERS = {
    "same": "حفرة كبيرة في الشارع أمام المدرسة تخرب السيارات",
    "near": "الشارع جنب المدرسة فيه حفر",
    "light": "عمود الإنارة مطفأ في حينا",
    "papers": "ما الأوراق المطلوبة لتجديد رخصة المهن؟",
}


def test_the_same_matter_is_near_and_another_is_not() -> None:
    assert list(find_most_similar(HOLE, OTHERS)) == ["same", "near"]


def test_what_is_answered_stands_first() -> None:
    assert find_most_similar(HOLE, OTHERS, answered=["near"])[0] == "near"


def test_the_same_topic_brings_nearer() -> None:
    half = "الحفرة جنب السوق ما زالت كما هي ولم يأت أحد من البلدية لردمها ونحن ننتظر"
    assert "half" not in find_most_similar(HOLE, OTHERS | {"half": half})
    assert "half" in find_most_similar(HOLE, OTHERS | {"half": half}, topics=["half"])


def test_small_words_tell_nothing() -> None:
    assert list_significant_stems("في من على هذا 123 لو") == []
    assert build_search_query("في من على") == ""


@given(st.sampled_from([str(bad.value) for bad in HOSTILE_TEXTS]))
def test_whatever_is_written_the_search_is_asked_with_words_and_operators_alone(text: str) -> None:
    assert re.fullmatch(r"(\w+( & \w+)?( \| \w+ & \w+)*)?", build_search_query(text[:2000]))


SOME = st.lists(st.sampled_from([*HOLE.split(), *OTHERS["light"].split()]), max_size=8).map(" ".join)


@given(SOME, st.lists(SOME, max_size=6).map(lambda texts: dict(enumerate(texts))))
def test_only_others_are_found_each_once(text: str, others: dict[int, str]) -> None:
    found = find_most_similar(text, others, answered=list(others)[:2])
    assert len(set(found)) == len(found) <= 4
    assert set(found) <= set(others)
