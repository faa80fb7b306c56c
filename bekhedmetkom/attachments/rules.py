"""Accepted file formats, detected by content and never by name, and reasons to refuse a file. No Django."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Literal

from bekhedmetkom.kernel.errors import Refusal
from bekhedmetkom.kernel.text import BilingualText

MAX_FILE_BYTES = 20 * 1024 * 1024  # of one file, as it is sent and as it is kept
MAX_FILES = 10  # from a case's citizen, and as many from the bodies that handle it
UPLOAD_LIFETIME = timedelta(hours=24)  # an upload that no case has taken by then is deleted
MAX_NAME_LENGTH = 100


class FileCategory(StrEnum):
    """How a file is cleaned and shown."""

    IMAGE = "image"
    PDF = "pdf"
    VIDEO = "video"
    AUDIO = "sound"


class MediaType(StrEnum):
    """Everything that is kept and served. What people send is turned into one of these."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"
    MP4 = "video/mp4"
    WEBM = "video/webm"
    M4A = "audio/mp4"
    OGG = "audio/ogg"
    WEBA = "audio/webm"


FILE_CATEGORIES: Mapping[MediaType, FileCategory] = {
    MediaType.JPEG: FileCategory.IMAGE,
    MediaType.PNG: FileCategory.IMAGE,
    MediaType.WEBP: FileCategory.IMAGE,
    MediaType.PDF: FileCategory.PDF,
    MediaType.MP4: FileCategory.VIDEO,
    MediaType.WEBM: FileCategory.VIDEO,
    MediaType.M4A: FileCategory.AUDIO,
    MediaType.OGG: FileCategory.AUDIO,
    MediaType.WEBA: FileCategory.AUDIO,
}
EXTENSIONS: Mapping[MediaType, str] = {
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.WEBP: "webp",
    MediaType.PDF: "pdf",
    MediaType.MP4: "mp4",
    MediaType.WEBM: "webm",
    MediaType.M4A: "m4a",
    MediaType.OGG: "ogg",
    MediaType.WEBA: "weba",
}


class Format(StrEnum):
    """What a file's first bytes say it is. Other brands of these families are refused by whoever opens them."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIF = "heif"
    PDF = "pdf"
    MP4 = "mp4"  # and M4A, MOV, 3GP: one family
    OGG = "ogg"
    WEBM = "webm"


_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def detect_format(head: bytes) -> Format | None:
    """The format by its signature at the very first byte; `None` for everything that is not accepted.

    A file that carries two formats is taken for the one it begins with, and rewritten as that one: the other is lost.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Format.WEBP
    if head[4:8] == b"ftyp":
        return Format.HEIF if head[8:12] in _HEIF_BRANDS else Format.MP4
    if head.startswith(b"%PDF-"):
        return Format.PDF
    if head.startswith(b"OggS"):
        return Format.OGG
    return Format.WEBM if head.startswith(b"\x1aE\xdf\xa3") else None


class FileRefused(Refusal):
    """A file that is not taken; nothing of it is kept."""


class TemporaryFailure(Refusal):
    """A file that could not be looked at now, through no fault of its own. `after`: seconds."""

    def __init__(self, words: BilingualText, after: int):
        self.retry_after = after
        super().__init__(words)


TOO_BIG = BilingualText(
    "الملف أكبر من 20 ميغابايت. اختر ملفًا أصغر، أو مقطعًا أقصر.",
    "The file is larger than 20 MB. Choose a smaller one, or a shorter recording.",
)
EMPTY = BilingualText("الملف فارغ.", "The file is empty.")
UNKNOWN = BilingualText(
    "لا نقبل هذا النوع من الملفات. أرسل صورة، أو ملف PDF، أو مقطع فيديو، أو تسجيلًا صوتيًا.",
    "We cannot take this type of file. Send a photo, a PDF, a video or a voice recording.",
)
OFFICE = BilingualText(
    "لا نستطيع أن نحذف من مستند Word أو Excel ما يكشف كاتبه. احفظه بصيغة PDF وأرسله.",
    "We cannot remove what a Word or Excel document tells about its author. Save it as PDF and send that.",
)
DAMAGED = BilingualText(
    "لم نستطع قراءة هذا الملف، فقد يكون ناقصًا أو تالفًا. جرّب إرساله مرة أخرى، أو أرسل غيره.",
    "We could not read this file; it may be incomplete or damaged. Try sending it again, or send another.",
)
LOCKED = BilingualText(
    "هذا الملف محمي بكلمة سر. أزل الحماية ثم أرسله.",
    "This file is protected by a password. Remove the protection, then send it.",
)
TOO_LARGE_INSIDE = BilingualText(
    "الصورة أو الملف أكبر من أن نعالجه. أرسل نسخة أصغر.",
    "The picture or document is too large for us to process. Send a smaller copy.",
)
UNCLEANABLE = BilingualText(
    "في هذا الملف ما لا نستطيع تنظيفه من بيانات مكانك وجهازك، فلم نقبله. جرّب صيغة أخرى.",
    "This file holds something that we cannot clean of place and device data, so it was not taken. "
    "Try another format.",
)
INFECTED = BilingualText(
    "وجد فاحص الفيروسات خطرًا في هذا الملف، فلم نقبله.",
    "The virus scanner found something dangerous in this file, so it was not taken.",
)
BUSY = BilingualText(
    "نعالج ملفات كثيرة الآن. أعد المحاولة بعد ثوانٍ.",
    "Many files are being processed right now. Try again in a few seconds.",
)
FULL = BilingualText(
    "لا نستطيع استقبال ملفات الآن. أرسل طلبك من دونها، وأضفها لاحقًا من صفحته.",
    "We cannot take files right now. Send your case without them and add them later from its page.",
)
NOT_SCANNED = BilingualText(
    "لا نستطيع فحص الملفات الآن. أعد المحاولة بعد دقيقة.",
    "Files cannot be scanned right now. Try again in a minute.",
)
GONE = BilingualText(
    "لم يعد أحد الملفات متاحًا: مضت عليه 24 ساعة أو أُرسل من قبل. أرفقه من جديد.",
    "One of the files is no longer there: 24 hours have passed, or it was sent before. Attach it again.",
)
TOO_MANY = BilingualText(
    f"لا يُرفق بالطلب أكثر من {MAX_FILES} ملفات.", f"A case takes at most {MAX_FILES} files."
)

_OFFICE_EXTENSIONS = frozenset(
    {".docx", ".xlsx", ".pptx", ".doc", ".xls", ".ppt", ".docm", ".xlsm", ".odt", ".ods", ".odp", ".rtf"}
)


def get_refusal_message(extensions: frozenset[str]) -> BilingualText:
    """The sentence for a format that is not accepted, by what it looks like."""
    return OFFICE if extensions & _OFFICE_EXTENSIONS else UNKNOWN


def clean_name(name: str, media_type: MediaType) -> str:
    """The name as a label: no folders, nothing invisible, and the ending of what the file has become."""
    last = re.split(r"[\\/]", name)[-1]
    shown = "".join(
        c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] not in "CZ" or c == " "
    )
    stem = PurePosixPath(shown.strip(" .")).stem.strip(" .")[: MAX_NAME_LENGTH - 5]
    return f"{stem or media_type.partition('/')[0]}.{EXTENSIONS[media_type]}"


CleaningFailure = Literal["damaged", "locked", "too_large_inside", "uncleanable"]


class UncleanableFile(Exception):
    """This file cannot be cleaned; `why` chooses the sentence that its sender reads."""

    def __init__(self, why: CleaningFailure):
        self.reason = why
        super().__init__(why)
