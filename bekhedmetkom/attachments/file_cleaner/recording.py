"""Video and audio: copies the picture and sound streams into a new container without decoding.

Dropped: container and stream metadata, chapters, covers, subtitles, and data tracks with camera locations.
"""

from pathlib import Path
from typing import Any

import av
from av.bitstream import BitStreamFilterContext

from ..rules import Format, MediaType, UncleanableFile

MAX_DURATION_SECONDS = 3 * 3600  # seconds
MAX_STREAMS = 16

_INPUT_FORMATS = {Format.MP4: "mov", Format.OGG: "ogg", Format.WEBM: "matroska"}
_OUTPUT_FORMATS = {Format.MP4: "mp4", Format.OGG: "ogg", Format.WEBM: "webm"}
_VIDEO_CODECS = {
    Format.MP4: {"h264", "hevc", "av1", "vp9"},
    Format.OGG: set(),
    Format.WEBM: {"vp8", "vp9", "av1"},
}
_AUDIO_CODECS = {  # Vorbis inside WebM carries its comments in a header that is not rewritten: not taken
    Format.MP4: {"aac", "mp3", "alac", "opus", "ac3"},
    Format.OGG: {"opus", "vorbis"},
    Format.WEBM: {"opus"},
}
# Messages beside the picture, where encoders and cameras may write words and places.
_MESSAGE_FILTERS = {"h264": "filter_units=remove_types=6", "hevc": "filter_units=remove_types=39-40"}


def clean_recording(kind: Format, source: Path, target: Path) -> str:
    options = {"protocol_whitelist": "file"} | ({"enable_drefs": "0"} if kind is Format.MP4 else {})
    with av.open(
        str(source), format=_INPUT_FORMATS[kind], options=options, metadata_errors="ignore"
    ) as given:
        if (given.duration or 0) / av.time_base > MAX_DURATION_SECONDS or len(given.streams) > MAX_STREAMS:
            raise UncleanableFile("too_large_inside")
        wanted = _select_streams(kind, given)
        with av.open(
            str(target), "w", format=_OUTPUT_FORMATS[kind], options={"fflags": "+bitexact"}
        ) as packed:
            _copy_streams(given, packed, wanted)
        return _get_media_type(kind, {stream.type for stream in wanted})


def _select_streams(kind: Format, given: Any) -> list[Any]:
    """Return at most one video and one audio stream: the first of each that is no cover."""
    covers = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails
    first: dict[str, Any] = {}
    for stream in given.streams:
        if stream.type in ("video", "audio") and not stream.disposition & covers:
            first.setdefault(stream.type, stream)
    for kind_of_stream, names in (("video", _VIDEO_CODECS[kind]), ("audio", _AUDIO_CODECS[kind])):
        if kind_of_stream in first and first[kind_of_stream].codec_context.name not in names:
            raise UncleanableFile("uncleanable")
    if not first:
        raise UncleanableFile("damaged")
    return list(first.values())


def _copy_streams(given: Any, packed: Any, wanted: list[Any]) -> None:
    packed.metadata.clear()
    streams = {}
    filters = {}
    for stream in wanted:
        new = packed.add_stream_from_template(stream, opaque=True)
        new.metadata.clear()
        streams[stream.index] = new
        if name := _MESSAGE_FILTERS.get(stream.codec_context.name):
            filters[stream.index] = BitStreamFilterContext(name, stream)
    packets = 0
    for packet in given.demux(wanted):
        if packet.dts is None:  # what demuxing ends with
            continue
        index = packet.stream.index
        for kept in filters[index].filter(packet) if index in filters else [packet]:
            kept.stream = streams[index]
            packed.mux(kept)
            packets += 1
    if not packets:
        raise UncleanableFile("damaged")


def _get_media_type(kind: Format, streams: set[str]) -> str:
    with_video = "video" in streams
    match kind:
        case Format.MP4:
            return MediaType.MP4 if with_video else MediaType.M4A
        case Format.WEBM:
            return MediaType.WEBM if with_video else MediaType.WEBA
        case _:
            return MediaType.OGG
