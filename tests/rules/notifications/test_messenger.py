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
        (timedelta(), MessagingWindow.OPEN),
        (timedelta(hours=23, minutes=58), MessagingWindow.OPEN),
        (timedelta(hours=24), MessagingWindow.HUMAN_AGENT),
        (timedelta(days=6, hours=23), MessagingWindow.HUMAN_AGENT),
        (timedelta(days=7), MessagingWindow.CLOSED),
        (timedelta(days=400), MessagingWindow.CLOSED),
    ],
)
def test_window_counts_from_the_last_incoming_message(silent: timedelta, may: MessagingWindow) -> None:
    assert get_messaging_window(NOON - silent, NOON) is may


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        ("190/None", ApiResult.STOPPED),
        ("10/2018278", ApiResult.REJECTED),
        ("10/1893063", ApiResult.PAUSED),
        ("100/2018001", ApiResult.RECIPIENT_GONE),
        ("100/2018218", ApiResult.REJECTED),
        ("100/None", ApiResult.REJECTED),
        ("551/1545041", ApiResult.RECIPIENT_GONE),
        ("1200/None", ApiResult.RETRY),
        ("2/None", ApiResult.RETRY),
        ("4/None", ApiResult.THROTTLED),
        ("613/None", ApiResult.THROTTLED),
    ],
)
def test_recorded_error_has_expected_result(error: str, meant: ApiResult) -> None:
    code = error.partition("/")[0]
    assert interpret_response(STATUS_BY_ERROR.get(code, 400), RECORDED_ANSWERS[f"error {error}"]) == (
        meant,
        int(code),
    )


def test_all_recorded_errors_are_covered() -> None:
    tried = {"190", "10", "100", "551", "1200", "2", "4", "613"}
    assert {name.split()[1].split("/")[0] for name in RECORDED_ANSWERS if name.startswith("error")} == tried


@pytest.mark.parametrize(
    ("status", "answer", "meant"),
    [
        (200, {"recipient_id": "1", "message_id": "m"}, ApiResult.SENT),
        (502, None, ApiResult.IN_DOUBT),
        (429, None, ApiResult.THROTTLED),
        (400, {"error": "odd"}, ApiResult.REJECTED),
        (400, {"error": {"code": True}}, ApiResult.REJECTED),
        (404, [], ApiResult.REJECTED),
        (200, {"error": {"code": 2}}, ApiResult.RETRY),
    ],
)
def test_unknown_error_is_treated_cautiously(status: int, answer: object, meant: ApiResult) -> None:
    assert interpret_response(status, answer)[0] is meant


def test_long_text_is_split_at_breaks() -> None:
    text = f"{'أ' * 1500}\n\n{'ب' * 400} {'ج' * 400}"
    assert [len(piece) for piece in split_text(text)] == [1500, 801]
    assert split_text("قصير") == ["قصير"]
    assert split_text("") == []


@given(st.text(alphabet="اب ج\n.😀", max_size=9000))
def test_pieces_fit_and_lose_no_word(text: str) -> None:
    cut = split_text(text)
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(0 < len(piece.encode("utf-16-le")) // 2 <= 2000 for piece in cut)
