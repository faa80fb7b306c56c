"""Messages for the Send API."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.messenger.rules.profile import build_profile_calls
from bekhedmetkom.messenger.rules.send_api import (
    add_metadata,
    build_messages,
    get_messaging_type,
    parse_metadata,
)
from bekhedmetkom.notifications.rules.messenger import MessagingWindow
from tests.fakes.send_api import RECORDED, find_shape_error


def test_quick_replies_have_the_recorded_shape() -> None:
    kinds = [("KIND:question", "سؤال"), ("KIND:suggestion", "اقتراح"), ("KIND:praise", "شكر"),
             ("KIND:complaint", "شكوى"), ("KIND:violation", "مخالفة")]  # fmt: skip
    assert build_messages("ما نوع رسالتك؟", kinds) == [RECORDED["calls"]["quick replies"]["message"]]


def test_link_is_a_button_or_written_out_beside_a_long_text() -> None:
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
def test_messages_stay_within_the_limits(
    text: str, choices: list[tuple[str, str]], link: tuple[str, str] | None
) -> None:
    for message in build_messages(text, choices, link):
        body = {"recipient": {"id": "1"}, "messaging_type": "RESPONSE", "message": message}
        assert find_shape_error("me/messages", body) == ""


@pytest.mark.parametrize(
    ("may", "assistant", "officer"),
    [
        (MessagingWindow.OPEN, {"messaging_type": "RESPONSE"}, {"messaging_type": "RESPONSE"}),
        (MessagingWindow.HUMAN_AGENT, None, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}),
        (MessagingWindow.CLOSED, None, None),
    ],
)  # fmt: skip
def test_only_officers_may_write_late(
    may: MessagingWindow, assistant: dict[str, str] | None, officer: dict[str, str] | None
) -> None:
    assert (get_messaging_type(may, by_a_person=False), get_messaging_type(may, by_a_person=True)) == (
        assistant,
        officer,
    )


def test_profile_stays_within_the_limits() -> None:
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
def test_foreign_metadata_is_ignored(metadata: object) -> None:
    assert parse_metadata(metadata) is None


def test_echo_metadata_names_its_message() -> None:
    assert parse_metadata(add_metadata({"text": "أهلًا"}, 7)["metadata"]) == 7
