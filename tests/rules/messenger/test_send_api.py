"""What is said fits what the Send API takes, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.messages.rules.messenger import Window
from bekhedmetkom.messenger.rules.profile import build_profile_calls
from bekhedmetkom.messenger.rules.send_api import (
    add_metadata,
    build_messages,
    get_messaging_type,
    parse_metadata,
)
from tests.fakes.send_api import RECORDED, find_shape_error


def test_quick_replies_have_the_recorded_shape() -> None:
    kinds = [("KIND:question", "سؤال"), ("KIND:suggestion", "اقتراح"), ("KIND:praise", "شكر"),
             ("KIND:complaint", "شكوى"), ("KIND:violation", "مخالفة")]  # fmt: skip
    assert build_messages("ما نوع رسالتك؟", kinds) == [RECORDED["calls"]["quick replies"]["message"]]


def test_a_link_is_a_button_and_beside_a_long_text_written_out() -> None:
    link = ("https://example.jo/t/1", "التفاصيل")
    (said,) = build_messages("وصل الرد", link=link)
    recorded = RECORDED["calls"]["button template"]["message"]["attachment"]["payload"]
    assert said["attachment"]["payload"]["buttons"] == [recorded["buttons"][2]]
    (said,) = build_messages("ا" * 700, link=link)
    assert said["text"].endswith("التفاصيل: https://example.jo/t/1")


@given(
    st.text(max_size=5000),
    st.lists(st.tuples(st.text(min_size=1, max_size=50), st.text(min_size=1, max_size=40)), max_size=20),
    st.none() | st.just(("https://example.jo/c/BK-7F3K-92MD", "افتح الطلب")),
)
def test_whatever_is_said_is_taken(
    text: str, choices: list[tuple[str, str]], link: tuple[str, str] | None
) -> None:
    for message in build_messages(text, choices, link):
        body = {"recipient": {"id": "1"}, "messaging_type": "RESPONSE", "message": message}
        assert find_shape_error("me/messages", body) == ""


@pytest.mark.parametrize(
    ("may", "assistant", "officer"),
    [
        (Window.OPEN, {"messaging_type": "RESPONSE"}, {"messaging_type": "RESPONSE"}),
        (Window.BY_A_PERSON, None, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}),
        (Window.CLOSED, None, None),
    ],
)  # fmt: skip
def test_only_an_officers_own_words_come_late(
    may: Window, assistant: dict[str, str] | None, officer: dict[str, str] | None
) -> None:
    assert (get_messaging_type(may, by_a_person=False), get_messaging_type(may, by_a_person=True)) == (
        assistant,
        officer,
    )


def test_the_profile_is_within_what_is_taken() -> None:
    begun, shown = build_profile_calls("https://example.jo")
    assert list(begun) == ["get_started"]
    assert {menu["locale"] for menu in shown["persistent_menu"]} == {"default", "en_US"}
    for menu in shown["persistent_menu"]:
        items = menu["call_to_actions"]
        assert len(items) <= 20
        assert all(0 < len(item["title"]) <= 30 and len(item.get("payload", "")) <= 1000 for item in items)
        assert set(menu) == set(RECORDED["profile"]["persistent_menu"][0])
    assert all(len(one["text"]) <= 160 for one in shown["greeting"])


@pytest.mark.parametrize(
    "metadata",
    [None, 7, "", "bekhedmetkom:", "bekhedmetkom:x", "bekhedmetkom:٧", "other:7", "bekhedmetkom:" + "9" * 30],
)
def test_an_echo_that_is_not_of_ours(metadata: object) -> None:
    assert parse_metadata(metadata) is None


def test_an_echo_names_its_saying() -> None:
    assert parse_metadata(add_metadata({"text": "أهلًا"}, 7)["metadata"]) == 7
