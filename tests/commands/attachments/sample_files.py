"""Files as telephones, cameras and offices make them, each telling where it was made, with what, and by whom."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import av
import numpy as np
import pikepdf
import pillow_heif
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational

AUTHOR = "Khaled-Alomari-Author"
SERIAL = "SN-4711-0815-CAMERA"
PLACE = "+31.9539+035.9106"
EMBEDDED_SECRETS = (AUTHOR, SERIAL, PLACE, "31.9539", "35.9106", "31,57,14.04N")
LATITUDE = ((31, 1), (57, 1), (351, 25))
LONGITUDE = ((35, 1), (54, 1), (954, 25))

XMP = f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
 exif:GPSLatitude="31,57,14.04N" aux:SerialNumber="{SERIAL}">
 <dc:creator><rdf:Seq><rdf:li>{AUTHOR}</rdf:li></rdf:Seq></dc:creator></rdf:Description>
</rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def build_picture(width: int = 320, height: int = 200) -> Image.Image:
    """Not one colour only, so that it has something to lose."""
    image = Image.new("RGB", (width, height), (200, 180, 140))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2, height // 2), fill=(190, 30, 40))
    draw.ellipse((width // 3, height // 3, width - 10, height - 10), fill=(20, 90, 80))
    return image


def _degrees(parts: tuple[tuple[int, int], ...]) -> tuple[IFDRational, ...]:
    return tuple(IFDRational(*part) for part in parts)


def build_exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x010E], tags[0x013B], tags[0x8298] = PLACE, AUTHOR, AUTHOR  # description, artist, copyright
    tags[0x0112] = orientation
    tags.get_ifd(0x8769).update({0xA431: SERIAL, 0xA435: SERIAL, 0xA430: AUTHOR})  # body, lens, owner
    tags.get_ifd(0x8825).update({1: "N", 2: _degrees(LATITUDE), 3: "E", 4: _degrees(LONGITUDE)})
    return tags


def jpeg(orientation: int = 1) -> bytes:
    return _save_image(
        build_picture(), "JPEG", exif=build_exif(orientation), xmp=XMP, comment=AUTHOR.encode(), quality=90
    )


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(build_picture()).save(out, quality=60, exif=build_exif().tobytes(), xmp=XMP)
    return out.getvalue()


def png() -> bytes:
    text = PngInfo()
    text.add_text("Author", AUTHOR)
    text.add_text("Comment", PLACE, zip=True)
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return _save_image(build_picture().convert("RGBA"), "PNG", pnginfo=text, exif=build_exif())


def webp() -> bytes:
    return _save_image(build_picture(), "WEBP", exif=build_exif(), xmp=XMP)


def _save_image(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


TAGS = {
    "title": AUTHOR, "artist": AUTHOR, "author": AUTHOR, "comment": SERIAL, "location": f"{PLACE}/",
    "copyright": AUTHOR, "description": PLACE, "encoder": SERIAL, "creation_time": "2026-11-20T10:11:12.000000Z",
}  # fmt: skip


def _build_recording(
    container: str, sound: str | None = None, video: str | None = None, **options: str
) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=container, container_options=options) as made:
        made.metadata.update(TAGS)
        if video:
            pictures: Any = made.add_stream(video, rate=10)
            pictures.width, pictures.height, pictures.pix_fmt = 160, 120, "yuv420p"
            pictures.metadata.update({"title": AUTHOR, "handler_name": SERIAL, "comment": PLACE})
        if sound:
            sounds: Any = made.add_stream(sound, rate=48000, options={"strict": "experimental"})
            sounds.layout = "stereo"
            sounds.metadata.update({"title": AUTHOR, "handler_name": SERIAL, "language": "ara"})
        if video:
            still = np.asarray(build_picture(160, 120))
            for _ in range(10):
                made.mux(pictures.encode(av.VideoFrame.from_ndarray(still, format="rgb24")))
            made.mux(pictures.encode(None))
        if sound:
            frame_size = sounds.codec_context.frame_size or 960
            format_name = sounds.codec_context.format.name
            for place in range(20):
                tone = np.sin(np.arange(frame_size) / 20).astype(np.float32)
                both = (
                    np.stack([tone, tone]) if format_name.endswith("p") else np.repeat(tone, 2).reshape(1, -1)
                )
                both = (both * 20000).astype(np.int16) if format_name.startswith("s16") else both
                frame = av.AudioFrame.from_ndarray(both, format=format_name, layout="stereo")
                frame.sample_rate, frame.pts = 48000, place * frame_size
                made.mux(sounds.encode(frame))
            made.mux(sounds.encode(None))
    return out.getvalue()


def mp4() -> bytes:
    """As a telephone films: H.264 and AAC, where it was taken in `©xyz`, and words in the encoder's own messages."""
    plain = _build_recording("mp4", sound="aac", video="libx264", movflags="use_metadata_tags")
    return insert_atom(plain, _build_location_atom())


def mov() -> bytes:
    return _build_recording("mov", sound="aac", video="libx264")


def m4a() -> bytes:
    return _build_recording("ipod", sound="aac")


def ogg() -> bytes:
    return _build_recording("ogg", sound="libopus")


def vorbis() -> bytes:
    return _build_recording("ogg", sound="vorbis")


def webm() -> bytes:
    return _build_recording("webm", sound="libopus", video="libvpx")


def weba() -> bytes:
    return _build_recording("webm", sound="libopus")


def _build_atom(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def _build_location_atom() -> bytes:
    place = f"{PLACE}/".encode()
    xyz = _build_atom(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7) + place)
    loci = _build_atom(
        b"loci", struct.pack(">IH", 0, 0x15C7) + AUTHOR.encode() + b"\0" + bytes(13) + b"earth\0" + b"\0"
    )
    return _build_atom(
        b"udta",
        xyz + loci + _build_atom(b"auth", bytes(4) + struct.pack(">H", 0x15C7) + AUTHOR.encode() + b"\0"),
    )


def insert_atom(mp4_bytes: bytes, atom: bytes) -> bytes:
    """The same film with one more atom at the end of its `moov`, which libavformat writes last."""
    place = mp4_bytes.rindex(b"moov") - 4
    size = struct.unpack(">I", mp4_bytes[place : place + 4])[0]
    assert place + size == len(mp4_bytes)
    return mp4_bytes[:place] + struct.pack(">I", size + len(atom)) + mp4_bytes[place + 4 :] + atom


def rotate_video(mp4_bytes: bytes) -> bytes:
    """The same film as a telephone held upright writes it: the first track is to be turned by a quarter."""
    matrix = mp4_bytes.index(b"tkhd") + 4 + 40
    quarter = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    return mp4_bytes[:matrix] + quarter + mp4_bytes[matrix + 36 :]


def pdf() -> bytes:
    """Author and dates twice, a script at opening, a program to launch, a file inside, a comment, a filled form."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(300, 300))
    page = made.pages[0]
    photo = pikepdf.Stream(made, jpeg())
    photo.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=320, Height=200, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode, Metadata=made.make_stream(XMP),
    )  # fmt: skip
    font = made.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    page.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Photo=photo), Font=pikepdf.Dictionary(F1=font)
    )
    page.Contents = made.make_stream(
        b"q 200 0 0 120 50 150 cm /Photo Do Q BT /F1 12 Tf 50 40 Td (what is seen) Tj ET"
    )
    page.obj.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=pikepdf.String(AUTHOR)))
    page.obj.Metadata = made.make_stream(XMP)
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String(f"/home/{AUTHOR}/x.sh"))
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 30, 30], T=pikepdf.String(AUTHOR),
        Contents=pikepdf.String("see"), A=launch)  # fmt: skip
    field = made.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T=pikepdf.String("answer"),
            V=pikepdf.String("filled in"),
            Rect=[50, 80, 250, 100],
            F=4,
            DA=pikepdf.String("/F1 12 Tf 0 g"),
        )
    )
    page.obj.Annots = pikepdf.Array([made.make_indirect(note), field])
    made.Root.AcroForm = pikepdf.Dictionary(
        Fields=[field],
        NeedAppearances=True,
        DA=pikepdf.String("/F1 12 Tf 0 g"),
        DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)),
    )
    made.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String(f"app.alert('{AUTHOR}')")
    )
    made.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(
            Names=pikepdf.Array(
                [
                    pikepdf.String("x"),
                    pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=made.make_stream(b"app.alert(1)")),
                ]
            )
        )
    )
    made.attachments["inside.txt"] = pikepdf.AttachedFileSpec(
        made, f"{AUTHOR} {SERIAL} {PLACE}".encode(), filename="inside.txt"
    )
    made.docinfo["/Author"] = AUTHOR
    made.docinfo["/Producer"] = SERIAL
    with made.open_metadata(set_pikepdf_as_editor=False) as about:
        about["dc:creator"] = [AUTHOR]
        about["pdf:Producer"] = SERIAL
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def build_scanned_pdf() -> bytes:
    """A page from a scanner's program, which packs the photo twice."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(300, 300))
    photo = pikepdf.Stream(made, zlib.compress(jpeg()))
    photo.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=320, Height=200, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode]),
    )  # fmt: skip
    made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Photo=photo))
    made.pages[0].Contents = made.make_stream(b"q 200 0 0 120 50 150 cm /Photo Do Q")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def docx() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("docProps/core.xml", f"<dc:creator>{AUTHOR}</dc:creator>")
        made.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


# What is accepted, by the name of its family, with what it becomes.
SAMPLE_FILES: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "jpeg": (jpeg, "image/jpeg"),
    "heic": (heic, "image/jpeg"),
    "png": (png, "image/png"),
    "webp": (webp, "image/webp"),
    "pdf": (pdf, "application/pdf"),
    "scan": (build_scanned_pdf, "application/pdf"),
    "mp4": (mp4, "video/mp4"),
    "mov": (mov, "video/mp4"),
    "m4a": (m4a, "audio/mp4"),
    "ogg": (ogg, "audio/ogg"),
    "vorbis": (vorbis, "audio/ogg"),
    "webm": (webm, "video/webm"),
    "weba": (weba, "audio/webm"),
}


def extract_all_bytes(content: bytes) -> bytes:
    """A file's bytes, with whatever lies compressed in it laid open beside them."""
    if content.startswith(b"%PDF-"):
        return b"\n".join([content, *_extract_pdf_bytes(content)])
    if content.startswith(b"\x89PNG"):
        return b"\n".join([content, *_extract_png_bytes(content)])
    return content


def _extract_pdf_bytes(content: bytes) -> Iterator[bytes]:
    with pikepdf.open(io.BytesIO(content)) as opened:
        for each in opened.objects:
            yield repr(each).encode()
            if isinstance(each, pikepdf.Stream):
                yield each.read_raw_bytes()
                with suppress(zlib.error):
                    yield zlib.decompress(each.read_raw_bytes())
                with suppress(pikepdf.PdfError):  # a picture: its raw bytes are all there is to read
                    yield each.read_bytes()


def _extract_png_bytes(content: bytes) -> Iterator[bytes]:
    place = 8
    while place < len(content):
        size = struct.unpack(">I", content[place : place + 4])[0]
        data = content[place + 8 : place + 8 + size]
        if content[place + 4 : place + 8] in (b"zTXt", b"iTXt", b"iCCP"):
            for start in range(min(len(data), 100)):  # wherever in the chunk the compressed part begins
                with suppress(zlib.error):
                    yield zlib.decompress(data[start:])
        place += 12 + size


def find_secrets(content: bytes) -> list[str]:
    """Which of the things that nobody may learn can be read in it, in any spelling that programs use."""
    laid_open = extract_all_bytes(content)
    numbers = [number for part in LATITUDE for number in part]
    packed = {f"GPS, {order}": struct.pack(f"{order}6I", *numbers) for order in "<>"}
    return [
        secret
        for secret in EMBEDDED_SECRETS
        if any(secret.encode(how) in laid_open for how in ("utf-8", "utf-16-le", "utf-16-be"))
    ] + [name for name, bits in packed.items() if bits in laid_open]


def build_padded_png(width: int, height: int) -> bytes:
    """A bomb: few bytes that say they are many points."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1024 * 1024), 9) * 2

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
