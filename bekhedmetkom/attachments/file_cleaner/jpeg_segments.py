"""Removes metadata segments from a JPEG without decoding it."""

from collections.abc import Iterator

from ..rules import UncleanableFile

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_ADOBE = 0xEE  # says how colours are stored: without it they come out wrong
_METADATA_MARKERS = {*range(0xE0, 0xF0), 0xFE} - {_ADOBE}
_STANDALONE_MARKERS = {0x01, *range(0xD0, 0xDA)}  # markers without a length


def strip_metadata(jpeg: bytes) -> bytes:
    """Return the picture without comments, application segments and trailing data."""
    return b"".join(_iterate_kept_segments(jpeg))


def _iterate_kept_segments(jpeg: bytes) -> Iterator[bytes]:
    if jpeg[:2] != b"\xff\xd8":
        raise UncleanableFile("damaged")
    yield b"\xff\xd8"
    place = 2
    while place + 4 <= len(jpeg):
        if jpeg[place] != 0xFF:
            raise UncleanableFile("damaged")
        marker = jpeg[place + 1]
        if marker == 0xFF:  # padding
            place += 1
            continue
        if marker == _END:
            break
        if marker in _STANDALONE_MARKERS:
            raise UncleanableFile("damaged")
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
        segment = jpeg[place:end]
        if marker == _ADOBE:
            segment = (
                b"\xff\xee\x00\x0e" + segment[4:16]
                if segment[4:9] == b"Adobe" and len(segment) >= 16
                else b""
            )
        if marker not in _METADATA_MARKERS:
            yield segment
        place = end
        if marker == _SCAN:
            place = _find_scan_end(jpeg, end)
            yield jpeg[end:place]
    yield b"\xff\xd9"


def _find_scan_end(jpeg: bytes, place: int) -> int:
    """Return the position of the next marker that is neither a stuffed byte nor a restart."""
    while (place := jpeg.find(b"\xff", place)) >= 0:
        following = jpeg[place + 1 : place + 2]
        if following and following[0] not in (0x00, *range(0xD0, 0xD8)):
            return place
        place += 2
    return len(jpeg)
