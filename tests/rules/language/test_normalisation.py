"""One spelling for what people type in many."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bekhedmetkom.language.normalisation import fold_text, split_words

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
ARABIC = st.text(st.sampled_from("أإآاءؤئىيهةـًٌَُِّْٰپچگی\u200c\u200fﷲﻻ٣۴ ،.ابتث"), max_size=40)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("أحمد", "احمد"),
        ("إربد", "اربد"),
        ("آل البيت", "ال البيت"),
        ("مدرسة", "مدرسه"),
        ("مستشفى", "مستشفي"),
        ("مسؤول", "مسوول"),
        ("شيئًا", "شييا"),
        ("كهرباء", "كهربا"),
        ("ماء", "ماء"),
        ("بَلَدِيَّةٌ", "بلديه"),
        ("بلـــدية", "بلديه"),
        ("\ufe91\ufee0\ufeaa\ufef3\ufe94", "بلديه"),
        ("پارک", "بارك"),
        ("می\u200cخواهم", "ميخواهم"),
        ("٠٧٩ ۱۲۳", "079 123"),
        ("حلوووووو", "حلو"),
        ("mayyyyy", "may"),
        ("١٠٠٠ دينار", "1000 دينار"),
        ("Café  ÉCOLE", "cafe ecole"),
        ("\u200fعمّان\u200e", "عمان"),
        ("سطر\n\tآخر", "سطر اخر"),
        ("الله", "الله"),
        ("", ""),
    ],
)
def test_spelling_variants_fold_to_one_form(typed: str, folded: str) -> None:
    assert fold_text(typed) == folded


@given(ANY_TEXT | ARABIC)
@example("\ud800")
@example("ﷺﷺ")
@example("İııi")
@example("اااء ءءء")
def test_folding_is_idempotent(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@given(ANY_TEXT | ARABIC, ANY_TEXT | ARABIC)
def test_folding_a_word_is_independent_of_context(one: str, other: str) -> None:
    long = " ".join(["كلمة"] * 20)
    assert fold_text(f"{one} {long} {other}") == " ".join(
        filter(None, [fold_text(one), fold_text(long), fold_text(other)])
    )


@given(ANY_TEXT)
def test_folded_text_is_valid_utf_8(text: str) -> None:
    fold_text(text).encode("utf-8")


@given(ARABIC)
def test_diacritics_are_ignored(text: str) -> None:
    assert fold_text("\u064e".join(text)) == fold_text(text) or "\u0640" in text or not text.isalpha()


def test_every_character_folds_to_itself_in_the_end() -> None:
    """All planes of Unicode that hold letters, a thousand characters at a time."""
    for start in (
        *range(0, 0x20000, 0x400),
        *range(0x2F800, 0x2FC00, 0x400),
        *range(0xE0000, 0xE0400, 0x400),
    ):
        once = fold_text(" ".join(map(chr, range(start, start + 0x400))))
        assert fold_text(once) == once, hex(start)


def test_split_words_drops_punctuation() -> None:
    assert split_words("«مدرسةُ» الحيّ، رقم ٣!") == ["مدرسه", "الحي", "رقم", "3"]
