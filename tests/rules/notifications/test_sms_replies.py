"""What people write when they are asked by SMS whether it was solved."""

import pytest

from bekhedmetkom.notifications.rules.sms_replies import parse_sms_reply

YES = [
    "1", "١", " 1. ", "نعم", "أيوه", "ايوا", "آه", "اه", "انحلت", "حُلّ", "تم", "تمام شكرا", "نعم انحلت المشكلة", "Yes",
    "yes!", "Solved", "ok thanks", "aywa", "na3am", "n7alat", "\u200f1\u200f", "1 شكرا كتير",
    "نعم الله يعطيكم العافية", "1 يسلمو", "تمام مشكورين",
]  # fmt: skip
NO = [
    "2", "٢", "۲", "لا", "لأ", "لا، شكرا", "لسا", "ما انحلت", "لم يُحل", "مش محلول", "لأ ما انحلت", "لا لم يحل", "No",
    "not solved", "it is not solved yet", "not yet", "la2", "ma n7alat", "la",
]  # fmt: skip
NEITHER = [
    "", "5", "٣", "12", "1 2 3", "نعم لا", "yes no", "لا مشكلة", "no problem", "ما", "hello", "متى الدوام؟", "?", "👍",
    "نعم بس المصباح الثاني مطفأ", "1 طلب رشوة", "yes but the second lamp is still off", "x" * 5000,
    "شكرا كتير", "الله يعطيكم العافية",
]  # fmt: skip


@pytest.mark.parametrize("text", YES)
def test_solved_replies_are_recognised(text: str) -> None:
    assert parse_sms_reply(text) == (True, None)


@pytest.mark.parametrize("text", NO)
def test_unsolved_replies_are_recognised(text: str) -> None:
    assert parse_sms_reply(text) == (False, None)


@pytest.mark.parametrize("text", NEITHER)
def test_ambiguous_replies_are_not_interpreted(text: str) -> None:
    assert parse_sms_reply(text) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("1 5", (True, 5)), ("١ ٤", (True, 4)), ("1,5", (True, 5)), ("نعم ٥ نجوم", (True, 5)),
        ("Solved, 5 stars", (True, 5)),
        ("1 4 شكرا كتير", (True, 4)), ("2 1 الله يعطيكم العافية", (False, 1)),
        ("2 1", (False, 1)), ("no 1", (False, 1)), ("لا 2", (False, 2)), ("ما انحلت 1", (False, 1)),
    ],
)  # fmt: skip
def test_stars_are_read(text: str, word: tuple[bool, int]) -> None:
    assert parse_sms_reply(text) == word
