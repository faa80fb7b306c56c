"""The frame in which everything is sealed: one of seven sizes, and proof of who wrote it.

`BKB1` · length of the header (4 bytes) · header (canonical JSON) · body · zeros · HMAC-SHA256 · length of the body
(8 bytes). The whole is exactly a bucket, so that a ciphertext's size tells nothing finer. The HMAC, under the voice
that only the discloser and the Commission share, covers everything before the zeros. Lengths stand where they are
known: what comes in as a stream goes out as one. The browser's half is `static/box/frame.js`.
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
    """Not what was sealed: cut, changed, moved, or written by somebody else. Nothing of it is shown."""


class Frame(NamedTuple):
    """What a frame says of itself, and what is in it."""

    header: dict[str, str | int]
    body: bytes


class FrameWriter:
    """Makes one frame piece by piece: `start`, then `part` for each chunk, then `end`."""

    def __init__(self, header: Header, voice: bytes) -> None:
        said = encode_canonical_json(dict(header))
        if len(said) > HEADER_LIMIT:
            raise TooLarge
        self.header_bytes = _MAGIC + len(said).to_bytes(4, "big") + said
        self.body_length = 0
        self._mac = hmac.new(voice, self.header_bytes, "sha256")

    def add_chunk(self, chunk: bytes) -> bytes:
        """The next bytes of the body."""
        self.body_length += len(chunk)
        if self.body_length > LARGEST_BODY:
            raise TooLarge
        self._mac.update(chunk)
        return chunk

    def finish(self) -> Iterator[bytes]:
        """Zeros up to the bucket, the proof and the length."""
        zeros = _choose_bucket(used := len(self.header_bytes) + self.body_length + _TAG + _LENGTH) - used
        while zeros:
            yield _ZEROS[:zeros]
            zeros -= min(zeros, len(_ZEROS))
        yield self._mac.digest() + self.body_length.to_bytes(_LENGTH, "big")


def build_frame(header: Header, body: bytes, voice: bytes) -> bytes:
    """`body` in the smallest frame that holds it."""
    writer = FrameWriter(header, voice)
    return b"".join((writer.header_bytes, writer.add_chunk(body), *writer.finish()))


def parse_frame(frame: bytes, voice: bytes | None) -> Frame:
    """What is in a frame; `Broken` if anything at all does not fit.

    A custodian has no voice (`None`): they pass the frame on whole, and the officer checks it.
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


def _parse_header(said: bytes) -> dict[str, str | int]:
    try:
        header = json.loads(said)
    except ValueError as error:
        raise CorruptData from error
    if not isinstance(header, dict) or any(type(value) not in {str, int} for value in header.values()):
        raise CorruptData
    return header
