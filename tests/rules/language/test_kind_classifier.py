"""What kind of message a text seems to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.language.kind_classifier import KINDS, rank_kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("كيف أجدد جواز السفر؟", "question"),
        ("أقترح فتح المركز مساءً", "suggestion"),
        ("شكراً لموظفي المركز الصحي، تعاملهم راقٍ", "praise"),
        ("المي مقطوعة من أسبوع وما حدا برد علينا", "complaint"),
        ("محل ببيع دخان مهرب بدون ترخيص", "violation"),
        ("How do I renew my passport?", "question"),
        ("Thank you, the staff were excellent", "praise"),
        ("shukran lal mowazzafe, kanat mo2addabe", "praise"),
        ("keef bagdar ajadded el ro5sa", "question"),
        ("نص لا يقول شيئًا", "complaint"),
    ],
)
def test_kind_is_guessed_from_words(text: str, kind: str) -> None:
    assert rank_kinds(text)[0][0] == kind


def test_matched_words_are_returned() -> None:
    kind, _, told = rank_kinds("أقترح زيادة الباصات")[0]
    assert (kind, told) == ("suggestion", ["اقترح"])


def test_kinds_match_the_catalogue() -> None:
    assert set(KINDS) == set(map(str, Kind))


@given(st.text(max_size=120))
def test_shares_add_up_to_one(text: str) -> None:
    shares = [share for _, share, _ in rank_kinds(text)]
    assert sum(shares) == pytest.approx(1, abs=0.01)
    assert shares == sorted(shares, reverse=True)
