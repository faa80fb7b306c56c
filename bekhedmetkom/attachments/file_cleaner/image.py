"""Images are decoded and encoded again, so that only pixels remain.

Rotated upright, converted to sRGB (a colour profile can name its owner), scaled down, first frame only.
"""

import io
from pathlib import Path

import pillow_heif
from PIL import Image, ImageCms, ImageOps

from ..rules import Format, MediaType, UncleanableFile

MAX_SIDE = 4096  # points; a telephone's ordinary photo stays as it is
MAX_PIXELS = 50_000_000  # decoded at once; more would not fit into the program's memory
# A large JPEG can be decoded smaller than it is; WebP needs twice the memory of others.
_MAX_PIXELS_BY_FORMAT = {Format.JPEG: 250_000_000, Format.WEBP: 24_000_000}

pillow_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = None  # measured here instead, before a point is decoded

_INPUT_FORMATS = {Format.JPEG: "JPEG", Format.PNG: "PNG", Format.WEBP: "WEBP", Format.HEIF: "HEIF"}
_OUTPUT_TYPES = {
    Format.JPEG: MediaType.JPEG,
    Format.PNG: MediaType.PNG,
    Format.WEBP: MediaType.WEBP,
    Format.HEIF: MediaType.JPEG,
}


def clean_image(kind: Format, source: Path, target: Path) -> str:
    with Image.open(source, formats=[_INPUT_FORMATS[kind]]) as opened:
        if opened.width * opened.height > _MAX_PIXELS_BY_FORMAT.get(kind, MAX_PIXELS):
            raise UncleanableFile("too_large_inside")
        if kind is Format.JPEG:
            opened.draft(None, _fit_size(opened.size))
            if opened.width * opened.height > MAX_PIXELS:
                raise UncleanableFile("too_large_inside")
        media_type = _OUTPUT_TYPES[kind]
        plain = _copy_pixels(opened, transparent=media_type is not MediaType.JPEG)
    match media_type:
        case MediaType.JPEG:
            plain.save(target, "JPEG", quality=88, optimize=False)
        case MediaType.PNG:
            plain.save(target, "PNG", compress_level=6)
        case _:
            plain.save(target, "WEBP", quality=88, method=2)
    return media_type


def _copy_pixels(picture: Image.Image, *, transparent: bool) -> Image.Image:
    """Return the picture upright, in sRGB and scaled down, without metadata."""
    picture.load()
    profile = picture.info.get("icc_profile")
    if max(picture.size) > MAX_SIDE:
        picture.thumbnail(_fit_size(picture.size))
    upright = ImageOps.exif_transpose(picture)
    see_through = transparent and upright.has_transparency_data
    coloured = _convert_to_srgb(upright, profile) if profile else upright
    plain = coloured.convert("RGBA" if see_through else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _convert_to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Convert to sRGB; a broken or mismatched profile is ignored."""
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


def _fit_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size with the longer side at most `MAX_SIDE`."""
    share = min(1, MAX_SIDE / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))
