"""Frames have one of seven sizes and are read whole or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.disclosures.rules import frame as frame_rules
from bekhedmetkom.disclosures.rules.frame import (
    BUCKETS,
    LARGEST_BODY,
    MIB,
    CorruptData,
    TooLarge,
    build_frame,
    parse_frame,
)

OVERHEAD = 4 + 4 + len(b'{"files":2,"kind":"text","place":0,"turn":0}') + 32 + 8
VOICE, OTHER = bytes(range(32)), bytes(32)
HEADER: dict[str, str | int] = {"kind": "text", "turn": 0, "place": 0, "files": 2}


@given(
    st.binary(max_size=70_000),
    st.dictionaries(st.text("abc", min_size=1), st.text() | st.integers(0, 99), max_size=4),
)
def test_parse_frame_undoes_build_frame(body: bytes, header: dict[str, str | int]) -> None:
    frame = build_frame(header, body, VOICE)
    assert len(frame) in BUCKETS
    assert parse_frame(frame, VOICE) == (header, body)


@pytest.mark.parametrize("size", [0, 1, 4000, 4096, 65_000, 65_536, MIB, 5 * MIB, LARGEST_BODY])
def test_frame_size_is_one_of_seven_buckets(size: int) -> None:
    frame = build_frame(HEADER, bytes(size), VOICE)
    assert len(frame) == next(bucket for bucket in BUCKETS if bucket >= size + OVERHEAD)
    assert len(parse_frame(frame, VOICE).body) == size


def test_too_large_content_is_rejected() -> None:
    with pytest.raises(TooLarge):
        build_frame(HEADER, bytes(LARGEST_BODY + 1), VOICE)
    with pytest.raises(TooLarge):
        build_frame({"name": "a" * 4000}, b"", VOICE)


@given(st.data())
def test_changed_frame_is_rejected(data: st.DataObject) -> None:
    frame = bytearray(build_frame(HEADER, b"the minister's cousin", VOICE))
    at = data.draw(st.integers(0, len(frame) - 1))
    frame[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CorruptData):
        parse_frame(bytes(frame), VOICE)


@given(st.binary(max_size=5000))
def test_random_bytes_are_rejected(stray: bytes) -> None:
    for frame in (stray, stray.ljust(4096, b"\0")[:4096], (b"BKB1" + stray).ljust(4096, b"\0")[:4096]):
        with pytest.raises(CorruptData):
            parse_frame(frame, None)


@pytest.mark.parametrize("cut", [1, 8, 40, 4095, 4096])
def test_truncated_frame_is_rejected(cut: int) -> None:
    with pytest.raises(CorruptData):
        parse_frame(build_frame(HEADER, b"text", VOICE)[:-cut], VOICE)


def test_frame_with_another_voice_key_is_rejected() -> None:
    frame = build_frame(HEADER, b"text", OTHER)
    with pytest.raises(CorruptData):
        parse_frame(frame, VOICE)
    assert parse_frame(frame, None).body == b"text"  # a custodian passes it on


def test_frame_in_a_larger_bucket_is_rejected() -> None:
    small, large = build_frame(HEADER, b"text", VOICE), BUCKETS[1]
    with pytest.raises(CorruptData):
        parse_frame(small[:-40] + bytes(large - len(small)) + small[-40:], VOICE)


def test_frame_writer_returns_the_same_bytes() -> None:
    writer = frame_rules.FrameWriter(HEADER, VOICE)
    pieces = [writer.header_bytes, *(writer.add_chunk(b"abc" * n) for n in range(300)), *writer.finish()]
    assert b"".join(pieces) == build_frame(HEADER, b"".join(b"abc" * n for n in range(300)), VOICE)
