"""Two texts of one thing: what differs is shown whole, and nothing is lost or invented by putting them together."""

from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.cases.rules.actions import ACTIONS
from bekhedmetkom.cases.rules.drafts import (
    REPLY_DRAFT,
    TEXT_FIELDS_BY_DRAFT,
    compare_drafts,
    get_draft_place,
    merge_pieces,
)

LINES = st.lists(
    st.sampled_from(["كشفنا على الموقع.", "أصلحنا الحفرة يوم الأحد.", "شكرًا لك.", "", "نعتذر عن التأخير"]),
    max_size=6,
)
TEXTS = (
    LINES.map("\n".join)
    | LINES.map(" ".join)
    | st.lists(st.sampled_from("ab\r\n .؟"), max_size=30).map("".join)
)
MINE = "شكرًا لك. كشفنا على الموقع يوم الأحد.\nنعود إليك."
THEIRS = "شكرًا لك. أصلحنا الحفرة يوم الاثنين.\nنعود إليك."


def normal(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def all_of(text: str, other: str, choice: str) -> dict[int, str]:
    return dict.fromkeys(range(len(compare_drafts(text, other))), choice)


def test_a_sentence_that_differs_is_one_piece_among_those_that_agree() -> None:
    found = compare_drafts(MINE, THEIRS)
    assert [piece.same for piece in found] == [True, False, True]
    assert "".join(found[1].mine).strip() == "كشفنا على الموقع يوم الأحد."
    assert "".join(found[1].theirs).strip() == "أصلحنا الحفرة يوم الاثنين."


def test_both_keeps_what_each_wrote() -> None:
    both = merge_pieces(compare_drafts(MINE, THEIRS), {1: "both"})
    assert "كشفنا على الموقع يوم الأحد." in both
    assert "أصلحنا الحفرة يوم الاثنين." in both


def test_a_line_is_the_same_line_where_one_text_ends_and_the_other_goes_on() -> None:
    found = compare_drafts("كشفنا أمس.\nأصلحنا الحفرة.\nشكرًا لك.", "كشفنا أول أمس.\nأصلحنا الحفرة.")
    assert [piece.same for piece in found] == [False, True, False]
    assert merge_pieces(found, {0: "both"}).count("أصلحنا الحفرة.") == 1


@given(TEXTS, TEXTS)
def test_nothing_chosen_leaves_ones_own_and_everything_taken_gives_the_other(mine: str, theirs: str) -> None:
    found = compare_drafts(mine, theirs)
    assert merge_pieces(found, {}) == merge_pieces(found, all_of(mine, theirs, "mine")) == normal(mine)
    assert merge_pieces(found, all_of(mine, theirs, "theirs")) == normal(theirs)


@given(TEXTS, TEXTS)
def test_the_pieces_are_the_two_texts_from_top_to_bottom(mine: str, theirs: str) -> None:
    found = compare_drafts(mine, theirs)
    assert "".join(line for piece in found for line in piece.mine).strip() == normal(mine)
    assert "".join(line for piece in found for line in piece.theirs).strip() == normal(theirs)
    assert all(piece.same or piece.mine != piece.theirs for piece in found)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(piece.same for piece in compare_drafts(text, text))


def test_every_place_is_one_that_a_verb_writes_in() -> None:
    assert {get_draft_place(verb) for verb in ("draft", "submit", "answer")} == {REPLY_DRAFT}
    assert set(TEXT_FIELDS_BY_DRAFT) <= {get_draft_place(verb) for verb in ACTIONS}
