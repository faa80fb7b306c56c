"""What Messenger posts: only Meta's own counts, every shape of it is read, and nothing odd stops the rest."""

import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.messenger.rules.reading import Attached, is_signed, read, said, words
from tests import posts
from tests.personas import NOON
from tests.posts import (
    OTHER,
    PAGE,
    PLACE,
    PLACE_AS_LINK,
    PSID,
    SECRET,
    STICKER,
    image,
    passed_over,
    pressed,
    signature,
)


def test_the_signature_is_over_the_raw_bytes() -> None:
    raw = posts.post(posts.said("الشارع محفور", NOON))
    assert b"\\u0627" in raw
    assert is_signed(raw, signature(raw), SECRET)
    assert not is_signed(json.dumps(json.loads(raw)).encode(), signature(raw), SECRET), (
        "written anew, it is another"
    )
    assert not is_signed(raw + b" ", signature(raw), SECRET)


@pytest.mark.parametrize(
    "shown",
    [
        "", "sha256=", "sha256=توقيع", signature(b"{}")[7:], signature(b"{}").upper(), signature(b"{}") + "0",
        signature(b"{}", "another secret"), f"sha1={hmac.new(SECRET.encode(), b'{}', 'sha1').hexdigest()}",
    ],
)  # fmt: skip
def test_any_other_signature_is_refused(shown: str) -> None:
    assert not is_signed(b"{}", shown, SECRET)


def test_without_a_secret_nothing_is_signed() -> None:
    assert not is_signed(b"{}", signature(b"{}", ""), "")


def keys(body: Any) -> list[str]:
    return [one.key for one in read(body, NOON).arrived]


def test_all_of_a_batch_is_read_in_its_order() -> None:
    body = json.loads(
        posts.post(posts.said("أ", NOON, mid="m_1"), posts.said("ب", NOON, psid=OTHER, mid="m_2"))
    )
    body["entry"].append({"id": PAGE, "messaging": [posts.said("ج", NOON, mid="m_3")]})
    assert keys(body) == ["m_1", "m_2", "m_3"]
    assert [one.psid for one in read(body, NOON).arrived] == [PSID, OTHER, PSID]


def test_what_is_not_said_to_us_is_passed_over() -> None:
    body = json.loads(posts.post(*passed_over(NOON), entry={"standby": [posts.said("لغيرنا", NOON)]}))
    body["entry"].append({"id": PAGE, "changes": [{"field": "feed", "value": {"item": "comment"}}]})
    assert read(body, NOON) == ([], 0, [])


def test_a_postback_is_known_by_who_when_and_what() -> None:
    once, again = pressed("kind:complaint", NOON), pressed("kind:complaint", NOON, title="غير العنوان")
    later, other = pressed("kind:complaint", NOON + timedelta(seconds=1)), pressed("track", NOON)
    body = {
        "entry": [{"id": PAGE, "messaging": [once, again, later, other, pressed("track", NOON, psid=OTHER)]}]
    }
    found = keys(body)
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
def test_what_is_odd_is_counted_and_the_rest_goes_on(item: Any) -> None:
    batch = read({"entry": [{"id": PAGE, "messaging": [item, posts.said("بعده", NOON, mid="m_good")]}]}, NOON)
    assert [one.key for one in batch.arrived] == ["m_good"]
    assert batch.odd == (not isinstance(item, dict) or "message" in item or "postback" in item)


@pytest.mark.parametrize(
    "body", [[], "نص", None, {}, {"entry": {}}, {"entry": [7]}, {"entry": [{"messaging": {}}]}]
)
def test_a_body_of_another_shape_is_odd(body: Any) -> None:
    assert read(body, NOON) == ([], 1, [])


@pytest.mark.parametrize("stamp", ["الآن", None, True, -1, 10**20, 1.5])
def test_a_time_that_is_none_is_now(stamp: Any) -> None:
    item = posts.said("نص", NOON) | {"timestamp": stamp}
    assert read({"entry": [{"id": PAGE, "messaging": [item]}]}, NOON).arrived[0].at == NOON


def test_words_choices_and_files() -> None:
    assert said(posts.said("حفرة", NOON)).text == "حفرة"
    assert (
        said(posts.said("شكوى", NOON, quick_reply={"payload": "kind:complaint"})).choice == "kind:complaint"
    )
    assert said(pressed("track", NOON)).choice == "track"
    assert said({"referral": {"ref": "poster", "source": "SHORTLINK"}}).choice == "start"
    two = said(
        posts.sent([image("https://a/1.jpg"), {"type": "video", "payload": {"url": "https://a/2.mp4"}}], NOON)
    )
    assert two.files == (Attached("image", "https://a/1.jpg"), Attached("video", "https://a/2.mp4"))


def test_a_sticker_is_no_picture() -> None:
    found = said(posts.sent([STICKER], NOON, sticker_id=369239263222822))
    assert (found.files, found.strange) == ((), True)


@pytest.mark.parametrize("spot", [PLACE, PLACE_AS_LINK])
def test_a_place_comes_in_two_shapes(spot: dict[str, Any]) -> None:
    found = said(posts.sent([spot], NOON))
    assert found.location
    assert [float(one) for one in found.location] == [31.9539, 35.9106]
    assert (found.text, found.strange) == ("", False)


@pytest.mark.parametrize(
    "url",
    [
        "https://maps.google.com/?q=31.9539,35.9106", "https://www.google.com/maps/@31.9539,35.9106,17z",
        "https://maps.apple.com/?ll=31.9539,35.9106",
    ],
)  # fmt: skip
def test_a_place_is_found_in_links_to_maps(url: str) -> None:
    assert said(posts.sent([{"type": "fallback", "url": url}], NOON, text=url)).location == (
        "31.9539",
        "35.9106",
    )


def test_a_link_that_is_no_place_is_words() -> None:
    link = {"type": "fallback", "title": "خبر", "url": "https://example.jo/news"}
    assert (
        said(posts.sent([link], NOON, text="انظروا https://example.jo/news")).text
        == "انظروا https://example.jo/news"
    )
    assert said(posts.sent([link], NOON)).text == "خبر"


def test_the_gate_reads_all_that_was_written() -> None:
    item = posts.sent(
        [{"type": "fallback", "title": "عنوان", "payload": {"title": "آخر"}}], NOON, text="كلام"
    )
    assert {"كلام", "عنوان", "آخر"} <= set(words(item))
    assert not any(words(pressed("track", NOON)))


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
def test_no_types_however_odd_are_a_fault(body: Any, item: Any) -> None:
    read(body, NOON)
    read({"entry": [{"id": PAGE, "messaging": [item, {"sender": {"id": PSID}, "message": item}]}]}, NOON)
    if isinstance(item, dict):
        said(item)
        list(words(item))
        said({"message": item})
        list(words({"message": item}))


def test_what_the_page_said_comes_back_by_its_mark() -> None:
    """Another app's echo, or a mark that we did not give, is nobody's."""
    items = [posts.echoed(mark, NOON) for mark in ("bekhedmetkom:7", "another app's", "bekhedmetkom:8")]
    assert read({"entry": [{"id": PAGE, "messaging": items}]}, NOON) == ([], 0, [7, 8])
