"""What Messenger allows and what its answers mean: by the recorded errors."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.messages.rules.messenger import Verdict, Window, pieces, verdict, window
from tests.fakes.send_api import RECORDED_ANSWERS, STATUS_BY_ERROR
from tests.personas import NOON


@pytest.mark.parametrize(
    ("silent", "may"),
    [
        (timedelta(), Window.OPEN), (timedelta(hours=23, minutes=58), Window.OPEN),
        (timedelta(hours=24), Window.BY_A_PERSON), (timedelta(days=6, hours=23), Window.BY_A_PERSON),
        (timedelta(days=7), Window.CLOSED), (timedelta(days=400), Window.CLOSED),
    ],
)  # fmt: skip
def test_the_window_counts_from_their_last_message(silent: timedelta, may: Window) -> None:
    assert window(NOON - silent, NOON) is may


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        ("190/None", Verdict.STOPPED), ("10/2018278", Verdict.NEVER), ("10/1893063", Verdict.PAUSED),
        ("100/2018001", Verdict.GONE), ("100/2018218", Verdict.NEVER), ("100/None", Verdict.NEVER),
        ("551/1545041", Verdict.GONE), ("1200/None", Verdict.LATER), ("2/None", Verdict.LATER),
        ("4/None", Verdict.SLOWER), ("613/None", Verdict.SLOWER),
    ],
)  # fmt: skip
def test_each_recorded_error_has_its_meaning(error: str, meant: Verdict) -> None:
    code = error.partition("/")[0]
    assert verdict(STATUS_BY_ERROR.get(code, 400), RECORDED_ANSWERS[f"error {error}"]) == (meant, int(code))


def test_all_recorded_errors_are_tried() -> None:
    tried = {"190", "10", "100", "551", "1200", "2", "4", "613"}
    assert {name.split()[1].split("/")[0] for name in RECORDED_ANSWERS if name.startswith("error")} == tried


@pytest.mark.parametrize(
    ("status", "answer", "meant"),
    [
        (200, {"recipient_id": "1", "message_id": "m"}, Verdict.SENT), (502, None, Verdict.IN_DOUBT),
        (429, None, Verdict.SLOWER), (400, {"error": "odd"}, Verdict.NEVER),
        (400, {"error": {"code": True}}, Verdict.NEVER),
        (404, [], Verdict.NEVER), (200, {"error": {"code": 2}}, Verdict.LATER),
    ],
)  # fmt: skip
def test_what_nobody_recorded_is_taken_carefully(status: int, answer: object, meant: Verdict) -> None:
    assert verdict(status, answer)[0] is meant


def test_a_long_text_is_cut_where_it_pauses() -> None:
    text = f"{'أ' * 1500}\n\n{'ب' * 400} {'ج' * 400}"
    assert [len(piece) for piece in pieces(text)] == [1500, 801]
    assert pieces("قصير") == ["قصير"]
    assert pieces("") == []


@given(st.text(alphabet="اب ج\n.😀", max_size=9000))
def test_pieces_lose_no_word_and_fit(text: str) -> None:
    cut = pieces(text)
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(0 < len(piece.encode("utf-16-le")) // 2 <= 2000 for piece in cut)
