"""Parsing of Messenger webhook posts."""

import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.messenger.rules.webhook_parser import (
    AttachedFile,
    has_valid_signature,
    iterate_texts,
    parse_content,
    parse_webhook,
)
from tests.fakes import messenger_events
from tests.fakes.messenger_events import (
    APP_SECRET,
    LOCATION,
    LOCATION_LINK,
    OTHER_PSID,
    PAGE_ID,
    PSID,
    STICKER,
    build_image,
    build_postback,
    list_irrelevant_events,
    sign_body,
)
from tests.personas import NOON


def test_signature_covers_the_raw_bytes() -> None:
    raw = messenger_events.build_webhook_body(messenger_events.build_text("الشارع محفور", NOON))
    assert b"\\u0627" in raw
    assert has_valid_signature(raw, sign_body(raw), APP_SECRET)
    assert not has_valid_signature(json.dumps(json.loads(raw)).encode(), sign_body(raw), APP_SECRET), (
        "written anew, it is another"
    )
    assert not has_valid_signature(raw + b" ", sign_body(raw), APP_SECRET)


@pytest.mark.parametrize(
    "shown",
    [
        "", "sha256=", "sha256=توقيع", sign_body(b"{}")[7:], sign_body(b"{}").upper(), sign_body(b"{}") + "0",
        sign_body(b"{}", "another secret"), f"sha1={hmac.new(APP_SECRET.encode(), b'{}', 'sha1').hexdigest()}",
    ],
)  # fmt: skip
def test_other_signatures_are_refused(shown: str) -> None:
    assert not has_valid_signature(b"{}", shown, APP_SECRET)


def test_missing_secret_refuses_every_signature() -> None:
    assert not has_valid_signature(b"{}", sign_body(b"{}", ""), "")


def list_keys(body: Any) -> list[str]:
    return [one.key for one in parse_webhook(body, NOON).events]


def test_batch_is_parsed_in_order() -> None:
    body = json.loads(
        messenger_events.build_webhook_body(
            messenger_events.build_text("أ", NOON, mid="m_1"),
            messenger_events.build_text("ب", NOON, psid=OTHER_PSID, mid="m_2"),
        )
    )
    body["entry"].append({"id": PAGE_ID, "messaging": [messenger_events.build_text("ج", NOON, mid="m_3")]})
    assert list_keys(body) == ["m_1", "m_2", "m_3"]
    assert [one.psid for one in parse_webhook(body, NOON).events] == [PSID, OTHER_PSID, PSID]


def test_foreign_events_are_skipped() -> None:
    body = json.loads(
        messenger_events.build_webhook_body(
            *list_irrelevant_events(NOON), entry={"standby": [messenger_events.build_text("لغيرنا", NOON)]}
        )
    )
    body["entry"].append({"id": PAGE_ID, "changes": [{"field": "feed", "value": {"item": "comment"}}]})
    assert parse_webhook(body, NOON) == ([], 0, [])


def test_postback_key_depends_on_sender_time_and_payload() -> None:
    once, again = (
        build_postback("kind:complaint", NOON),
        build_postback("kind:complaint", NOON, title="غير العنوان"),
    )
    later, other = (
        build_postback("kind:complaint", NOON + timedelta(seconds=1)),
        build_postback("track", NOON),
    )
    body = {
        "entry": [
            {
                "id": PAGE_ID,
                "messaging": [once, again, later, other, build_postback("track", NOON, psid=OTHER_PSID)],
            }
        ]
    }
    found = list_keys(body)
    assert found[0] == found[1]
    assert len(set(found)) == 4


@pytest.mark.parametrize(
    "item",
    [
        "نص", 7, None, [], {"message": "نص"}, {"message": {"mid": "m", "text": "من؟"}},
        {"sender": {"id": "../etc"}, "message": {"mid": "m"}}, {"sender": {"id": True}, "message": {"mid": "m"}},
        {"sender": "2368846059863995", "message": {"mid": "m"}}, {"sender": {"id": PSID}, "postback": []},
    ],
)  # fmt: skip
def test_malformed_events_are_counted_and_the_rest_parsed(item: Any) -> None:
    batch = parse_webhook(
        {
            "entry": [
                {"id": PAGE_ID, "messaging": [item, messenger_events.build_text("بعده", NOON, mid="m_good")]}
            ]
        },
        NOON,
    )
    assert [one.key for one in batch.events] == ["m_good"]
    assert batch.unreadable_count == (not isinstance(item, dict) or "message" in item or "postback" in item)


@pytest.mark.parametrize(
    "body", [[], "نص", None, {}, {"entry": {}}, {"entry": [7]}, {"entry": [{"messaging": {}}]}]
)
def test_malformed_body_is_counted(body: Any) -> None:
    assert parse_webhook(body, NOON) == ([], 1, [])


@pytest.mark.parametrize("stamp", ["الآن", None, True, -1, 10**20, 1.5])
def test_invalid_timestamp_becomes_now(stamp: Any) -> None:
    item = messenger_events.build_text("نص", NOON) | {"timestamp": stamp}
    assert parse_webhook({"entry": [{"id": PAGE_ID, "messaging": [item]}]}, NOON).events[0].at == NOON


def test_texts_choices_and_files_are_parsed() -> None:
    assert parse_content(messenger_events.build_text("حفرة", NOON)).text == "حفرة"
    assert (
        parse_content(
            messenger_events.build_text("شكوى", NOON, quick_reply={"payload": "kind:complaint"})
        ).choice
        == "kind:complaint"
    )
    assert parse_content(build_postback("track", NOON)).choice == "track"
    assert parse_content({"referral": {"ref": "poster", "source": "SHORTLINK"}}).choice == "start"
    two = parse_content(
        messenger_events.build_attachments(
            [build_image("https://a/1.jpg"), {"type": "video", "payload": {"url": "https://a/2.mp4"}}], NOON
        )
    )
    assert two.files == (AttachedFile("image", "https://a/1.jpg"), AttachedFile("video", "https://a/2.mp4"))


def test_sticker_is_not_a_picture() -> None:
    found = parse_content(messenger_events.build_attachments([STICKER], NOON, sticker_id=369239263222822))
    assert (found.files, found.has_unsupported_content) == ((), True)


@pytest.mark.parametrize("spot", [LOCATION, LOCATION_LINK])
def test_location_is_parsed_in_both_formats(spot: dict[str, Any]) -> None:
    found = parse_content(messenger_events.build_attachments([spot], NOON))
    assert found.location
    assert [float(one) for one in found.location] == [31.9539, 35.9106]
    assert (found.text, found.has_unsupported_content) == ("", False)


@pytest.mark.parametrize(
    "url",
    [
        "https://maps.google.com/?q=31.9539,35.9106", "https://www.google.com/maps/@31.9539,35.9106,17z",
        "https://maps.apple.com/?ll=31.9539,35.9106",
    ],
)  # fmt: skip
def test_location_is_found_in_map_links(url: str) -> None:
    assert parse_content(
        messenger_events.build_attachments([{"type": "fallback", "url": url}], NOON, text=url)
    ).location == (
        "31.9539",
        "35.9106",
    )


def test_other_link_is_text() -> None:
    link = {"type": "fallback", "title": "خبر", "url": "https://example.jo/news"}
    assert (
        parse_content(
            messenger_events.build_attachments([link], NOON, text="انظروا https://example.jo/news")
        ).text
        == "انظروا https://example.jo/news"
    )
    assert parse_content(messenger_events.build_attachments([link], NOON)).text == "خبر"


def test_every_written_text_is_checked() -> None:
    item = messenger_events.build_attachments(
        [{"type": "fallback", "title": "عنوان", "payload": {"title": "آخر"}}], NOON, text="كلام"
    )
    assert {"كلام", "عنوان", "آخر"} <= set(iterate_texts(item))
    assert not any(iterate_texts(build_postback("track", NOON)))


NAMES = """entry messaging message postback sender id mid text timestamp attachments type payload url coordinates lat
long quick_reply is_echo sticker_id title referral ref"""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(tuple(NAMES.split())), inner, max_size=4)
    ),
    max_leaves=30,
)


@given(JSON, JSON)
def test_unexpected_types_never_raise(body: Any, item: Any) -> None:
    parse_webhook(body, NOON)
    parse_webhook(
        {"entry": [{"id": PAGE_ID, "messaging": [item, {"sender": {"id": PSID}, "message": item}]}]}, NOON
    )
    if isinstance(item, dict):
        parse_content(item)
        list(iterate_texts(item))
        parse_content({"message": item})
        list(iterate_texts({"message": item}))


def test_echo_is_recognised_by_its_metadata() -> None:
    """Another app's echo or unknown metadata is ignored."""
    items = [
        messenger_events.build_echo(mark, NOON)
        for mark in ("bekhedmetkom:7", "another app's", "bekhedmetkom:8")
    ]
    assert parse_webhook({"entry": [{"id": PAGE_ID, "messaging": items}]}, NOON) == ([], 0, [7, 8])
