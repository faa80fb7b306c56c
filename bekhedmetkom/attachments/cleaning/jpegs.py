"""A JPEG without decoding it: its segments, and which of them say nothing about whoever took it."""

from collections.abc import Iterator

from .refusing import Unfit

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_ADOBE = 0xEE  # says how colours are stored: without it they come out wrong
_WORDS = {*range(0xE0, 0xF0), 0xFE} - {_ADOBE}
_ALONE = {0x01, *range(0xD0, 0xDA)}  # markers without a length


def without_words(jpeg: bytes) -> bytes:
    """The same picture without comments and application segments, and without what follows its end."""
    return b"".join(_kept(jpeg))


def _kept(jpeg: bytes) -> Iterator[bytes]:
    if jpeg[:2] != b"\xff\xd8":
        raise Unfit("damaged")
    yield b"\xff\xd8"
    place = 2
    while place + 4 <= len(jpeg):
        if jpeg[place] != 0xFF:
            raise Unfit("damaged")
        marker = jpeg[place + 1]
        if marker == 0xFF:  # padding
            place += 1
            continue
        if marker == _END:
            break
        if marker in _ALONE:
            raise Unfit("damaged")
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
        segment = jpeg[place:end]
        if marker == _ADOBE:
            segment = (
                b"\xff\xee\x00\x0e" + segment[4:16]
                if segment[4:9] == b"Adobe" and len(segment) >= 16
                else b""
            )
        if marker not in _WORDS:
            yield segment
        place = end
        if marker == _SCAN:
            place = _end_of_scan(jpeg, end)
            yield jpeg[end:place]
    yield b"\xff\xd9"


def _end_of_scan(jpeg: bytes, place: int) -> int:
    """Where the next marker begins that is neither a stuffed byte nor a restart."""
    while (place := jpeg.find(b"\xff", place)) >= 0:
        following = jpeg[place + 1 : place + 2]
        if following and following[0] not in (0x00, *range(0xD0, 0xD8)):
            return place
        place += 2
    return len(jpeg)
