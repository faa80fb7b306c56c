"""What Messenger allows and what its answers mean: by the recorded errors."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.notifications.rules.messenger import (
    ApiResult,
    MessagingWindow,
    get_messaging_window,
    interpret_response,
    split_text,
)
from tests.fakes.send_api import RECORDED_ANSWERS, STATUS_BY_ERROR
from tests.personas import NOON


@pytest.mark.parametrize(
    ("silent", "may"),
    [
        (timedelta(), MessagingWindow.OPEN), (timedelta(hours=23, minutes=58), MessagingWindow.OPEN),
        (timedelta(hours=24), MessagingWindow.BY_A_PERSON), (timedelta(days=6, hours=23), MessagingWindow.BY_A_PERSON),
        (timedelta(days=7), MessagingWindow.CLOSED), (timedelta(days=400), MessagingWindow.CLOSED),
    ],
)  # fmt: skip
def test_the_window_counts_from_their_last_message(silent: timedelta, may: MessagingWindow) -> None:
    assert get_messaging_window(NOON - silent, NOON) is may


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        ("190/None", ApiResult.STOPPED), ("10/2018278", ApiResult.NEVER), ("10/1893063", ApiResult.PAUSED),
        ("100/2018001", ApiResult.GONE), ("100/2018218", ApiResult.NEVER), ("100/None", ApiResult.NEVER),
        ("551/1545041", ApiResult.GONE), ("1200/None", ApiResult.LATER), ("2/None", ApiResult.LATER),
        ("4/None", ApiResult.SLOWER), ("613/None", ApiResult.SLOWER),
    ],
)  # fmt: skip
def test_each_recorded_error_has_its_meaning(error: str, meant: ApiResult) -> None:
    code = error.partition("/")[0]
    assert interpret_response(STATUS_BY_ERROR.get(code, 400), RECORDED_ANSWERS[f"error {error}"]) == (
        meant,
        int(code),
    )


def test_all_recorded_errors_are_tried() -> None:
    tried = {"190", "10", "100", "551", "1200", "2", "4", "613"}
    assert {name.split()[1].split("/")[0] for name in RECORDED_ANSWERS if name.startswith("error")} == tried


@pytest.mark.parametrize(
    ("status", "answer", "meant"),
    [
        (200, {"recipient_id": "1", "message_id": "m"}, ApiResult.SENT), (502, None, ApiResult.IN_DOUBT),
        (429, None, ApiResult.SLOWER), (400, {"error": "odd"}, ApiResult.NEVER),
        (400, {"error": {"code": True}}, ApiResult.NEVER),
        (404, [], ApiResult.NEVER), (200, {"error": {"code": 2}}, ApiResult.LATER),
    ],
)  # fmt: skip
def test_what_nobody_recorded_is_taken_carefully(status: int, answer: object, meant: ApiResult) -> None:
    assert interpret_response(status, answer)[0] is meant


def test_a_long_text_is_cut_where_it_pauses() -> None:
    text = f"{'أ' * 1500}\n\n{'ب' * 400} {'ج' * 400}"
    assert [len(piece) for piece in split_text(text)] == [1500, 801]
    assert split_text("قصير") == ["قصير"]
    assert split_text("") == []


@given(st.text(alphabet="اب ج\n.😀", max_size=9000))
def test_pieces_lose_no_word_and_fit(text: str) -> None:
    cut = split_text(text)
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(0 < len(piece.encode("utf-16-le")) // 2 <= 2000 for piece in cut)
