"""Pictures are decoded to their points and encoded anew: nothing but points can come through.

Turned as the camera held them, colours brought to sRGB (a profile can name its owner), no larger than a screen can
show, the first frame only.
"""

import io
from pathlib import Path

import pillow_heif
from PIL import Image, ImageCms, ImageOps

from ..rules import Format, MediaType
from .refusing import Unfit

LONGEST_SIDE = 4096  # points; a telephone's ordinary photo stays as it is
MOST_POINTS = 50_000_000  # decoded at once; more would not fit into the program's memory
# A large JPEG can be decoded smaller than it is; WebP needs twice the memory of others.
_READABLE = {Format.JPEG: 250_000_000, Format.WEBP: 24_000_000}

pillow_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = None  # measured here instead, before a point is decoded

_READ_AS = {Format.JPEG: "JPEG", Format.PNG: "PNG", Format.WEBP: "WEBP", Format.HEIF: "HEIF"}
_KEPT_AS = {
    Format.JPEG: MediaType.JPEG,
    Format.PNG: MediaType.PNG,
    Format.WEBP: MediaType.WEBP,
    Format.HEIF: MediaType.JPEG,
}


def clean(kind: Format, source: Path, target: Path) -> str:
    with Image.open(source, formats=[_READ_AS[kind]]) as opened:
        if opened.width * opened.height > _READABLE.get(kind, MOST_POINTS):
            raise Unfit("too_large_inside")
        if kind is Format.JPEG:
            opened.draft(None, _as_shown(opened.size))
            if opened.width * opened.height > MOST_POINTS:
                raise Unfit("too_large_inside")
        media_type = _KEPT_AS[kind]
        plain = _points_alone(opened, transparent=media_type is not MediaType.JPEG)
    match media_type:
        case MediaType.JPEG:
            plain.save(target, "JPEG", quality=88, optimize=False)
        case MediaType.PNG:
            plain.save(target, "PNG", compress_level=6)
        case _:
            plain.save(target, "WEBP", quality=88, method=2)
    return media_type


def _points_alone(picture: Image.Image, *, transparent: bool) -> Image.Image:
    """The picture upright, in sRGB, no larger than it need be; of all that was said about it, nothing is left."""
    picture.load()
    profile = picture.info.get("icc_profile")
    if max(picture.size) > LONGEST_SIDE:
        picture.thumbnail(_as_shown(picture.size))
    upright = ImageOps.exif_transpose(picture)
    see_through = transparent and upright.has_transparency_data
    coloured = _in_srgb(upright, profile) if profile else upright
    plain = coloured.convert("RGBA" if see_through else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Colours as they were meant. A profile that is broken or of another kind of picture is left out."""
    if picture.mode not in ("RGB", "CMYK", "L"):
        return picture
    try:
        changed = ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return changed or picture


def _as_shown(size: tuple[int, int]) -> tuple[int, int]:
    """The size in which a picture is kept: its longer side no longer than may be."""
    share = min(1, LONGEST_SIDE / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))
