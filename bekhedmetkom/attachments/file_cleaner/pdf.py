"""PDFs: copies what is drawn on the pages into a new document.

Form fields and comments become page content. Author, dates, scripts, actions, embedded files, links and signatures
are dropped, and so is metadata inside images on the pages.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from ..rules import MAX_FILE_BYTES, MediaType, UncleanableFile
from .jpeg_segments import strip_metadata

MAX_PAGES = 1000
MAX_OBJECTS = 200_000

# What a page needs to be drawn; everything else on it is about it.
_PAGE_KEYS = frozenset({
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate",
    "/Contents", "/Group", "/UserUnit",
})  # fmt: skip
# What any object may carry about where it comes from, or may do when it is looked at.
_METADATA_KEYS = (
    "/Metadata", "/PieceInfo", "/LastModified", "/AA", "/JS", "/EF", "/AF", "/Thumb", "/OPI", "/Measure", "/PtData",
    "/LGIDict", "/CreatorInfo", "/StructParent", "/StructParents", "/Private",
)  # fmt: skip


def clean_pdf(source: Path, target: Path) -> str:
    try:
        given = Pdf.open(source)
    except pikepdf.PasswordError:
        raise UncleanableFile("locked") from None
    with given, Pdf.new() as new:
        if len(given.objects) > MAX_OBJECTS or len(given.pages) > MAX_PAGES:
            raise UncleanableFile("too_large_inside")
        if not len(given.pages):
            raise UncleanableFile("damaged")
        given.generate_appearance_streams()
        given.flatten_annotations("all")
        new.pages.extend(given.pages)
        if Name.OCProperties in given.Root:  # which layers are shown
            new.Root.OCProperties = new.copy_foreign(given.make_indirect(given.Root.OCProperties))
        for page in new.pages:
            _keep_keys(page.obj, _PAGE_KEYS)
        for each in new.objects:
            _strip_object(each)
        new.remove_unreferenced_resources()
        new.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, fix_metadata_version=False)
    return MediaType.PDF


def _keep_keys(page: Object, keys: frozenset[str]) -> None:
    for key in set(page.keys()) - keys:
        del page[key]


def _strip_object(each: Object) -> None:
    for part in _iterate_dictionaries(each):
        for key in _METADATA_KEYS:
            if key in part:
                del part[key]
    if isinstance(each, Stream) and each.get(Name.Subtype) == Name.Image:
        _strip_image(each)


def _iterate_dictionaries(each: Any) -> Iterator[Any]:
    """Yield the object and its direct dictionaries; indirect objects are visited on their own."""
    waiting = [each]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (Dictionary, Stream)):
            yield part
            inside = (value for _key, value in part.items())
        elif isinstance(part, Array):
            inside = (part[place] for place in range(len(part)))
        else:
            continue
        waiting.extend(one for one in inside if isinstance(one, (Dictionary, Array)) and not one.is_indirect)


def _strip_image(picture: Stream) -> None:
    """Remove metadata from an image on a page."""
    named = picture.get(Name.Filter)
    filters = list(named) if isinstance(named, Array) else [] if named is None else [named]
    if Name.JPXDecode in filters:
        raise UncleanableFile("uncleanable")  # JPEG 2000: rare, and its boxes can hold anything
    if Name.DCTDecode in filters:
        picture.write(strip_metadata(_unwrap_jpeg(picture, filters)), filter=Name.DCTDecode)


def _unwrap_jpeg(picture: Stream, filters: list[Object]) -> bytes:
    """Return the JPEG inside other filters, limited to the maximum file size."""
    jpeg = picture.read_raw_bytes()
    for wrapping in filters[:-1]:
        if wrapping != Name.FlateDecode or filters[-1] != Name.DCTDecode:
            raise UncleanableFile("uncleanable")
        jpeg = zlib.decompressobj().decompress(jpeg, MAX_FILE_BYTES)
    return jpeg
