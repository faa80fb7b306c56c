"""The frame that every plaintext is put in: one of seven sizes, authenticated by a MAC.

`BKB1` · header length (4 bytes) · header (canonical JSON) · body · zeros · HMAC-SHA256 · body length (8 bytes).
The frame has exactly the size of a bucket, so a ciphertext's size reveals nothing finer. The MAC, with the
voice key that only discloser and Commission share, covers everything before the zeros. Lengths come where a
stream knows them. The browser's half is `static/box/crypto/frame.js`.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bekhedmetkom.kernel.canonical_json import encode_canonical_json

KIB, MIB = 1 << 10, 1 << 20
LARGEST_BODY = 20 * MIB
HEADER_LIMIT = 4000
BUCKETS = (4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 5 * MIB, LARGEST_BODY + 4 * KIB)

Header = Mapping[str, str | int]

_MAGIC = b"BKB1"
_START, _TAG, _LENGTH = len(_MAGIC) + 4, hashlib.sha256().digest_size, 8
_ZEROS = bytes(64 * KIB)


class TooLarge(ValueError):
    """More than the largest bucket holds."""


class CorruptData(ValueError):
    """Not what was encrypted: truncated, changed, moved, or with another author's MAC. Nothing of it is shown."""


class Frame(NamedTuple):
    """The header and body of a frame."""

    header: dict[str, str | int]
    body: bytes


class FrameWriter:
    """Builds a frame as a stream: `header_bytes`, then `add_chunk` for each chunk, then `finish`."""

    def __init__(self, header: Header, voice: bytes) -> None:
        encoded = encode_canonical_json(dict(header))
        if len(encoded) > HEADER_LIMIT:
            raise TooLarge
        self.header_bytes = _MAGIC + len(encoded).to_bytes(4, "big") + encoded
        self.body_length = 0
        self._mac = hmac.new(voice, self.header_bytes, "sha256")

    def add_chunk(self, chunk: bytes) -> bytes:
        """Return the next bytes of the body. Raises `TooLarge`."""
        self.body_length += len(chunk)
        if self.body_length > LARGEST_BODY:
            raise TooLarge
        self._mac.update(chunk)
        return chunk

    def finish(self) -> Iterator[bytes]:
        """Yield the zeros up to the bucket, the MAC and the length."""
        used = len(self.header_bytes) + self.body_length + _TAG + _LENGTH
        zeros = _choose_bucket(used) - used
        while zeros:
            yield _ZEROS[:zeros]
            zeros -= min(zeros, len(_ZEROS))
        yield self._mac.digest() + self.body_length.to_bytes(_LENGTH, "big")


def build_frame(header: Header, body: bytes, voice: bytes) -> bytes:
    """Return `body` in the smallest frame that holds it. Raises `TooLarge`."""
    writer = FrameWriter(header, voice)
    return b"".join((writer.header_bytes, writer.add_chunk(body), *writer.finish()))


def parse_frame(frame: bytes, voice: bytes | None) -> Frame:
    """Return a frame's content. Raises `CorruptData`.

    A custodian has no voice key (`None`) and passes the whole frame on, for the officer to verify.
    """
    if len(frame) not in BUCKETS or not frame.startswith(_MAGIC):
        raise CorruptData
    body_at = _START + int.from_bytes(frame[len(_MAGIC) : _START], "big")
    zeros_at = body_at + int.from_bytes(frame[-_LENGTH:], "big")
    tag_at = len(frame) - _LENGTH - _TAG
    if (
        zeros_at > tag_at
        or _choose_bucket(zeros_at + _TAG + _LENGTH) != len(frame)
        or any(frame[zeros_at:tag_at])
    ):
        raise CorruptData
    if voice is not None:
        tag = hmac.digest(voice, frame[:zeros_at], "sha256")
        if not hmac.compare_digest(tag, frame[tag_at:-_LENGTH]):
            raise CorruptData
    return Frame(_parse_header(frame[_START:body_at]), frame[body_at:zeros_at])


def _choose_bucket(size: int) -> int:
    for bucket in BUCKETS:
        if size <= bucket:
            return bucket
    raise TooLarge


def _parse_header(encoded: bytes) -> dict[str, str | int]:
    try:
        header = json.loads(encoded)
    except ValueError as error:
        raise CorruptData from error
    if not isinstance(header, dict) or any(type(value) not in {str, int} for value in header.values()):
        raise CorruptData
    return header
