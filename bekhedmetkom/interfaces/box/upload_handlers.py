"""Files as they come in: encrypted before a byte of them touches a disk, or encrypted by the browser already."""

import hashlib
from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from bekhedmetkom.disclosures import part_storage
from bekhedmetkom.disclosures.rules.frame import BUCKETS
from bekhedmetkom.disclosures.rules.report_state import Part
from bekhedmetkom.disclosures.server_encryption import EncryptedAttachment, EncryptedTurn

MAX_FILES = 10
MAX_NAME_LENGTH = 200


class SkipUploadHandler(FileUploadHandler):
    """Where no file is expected, none is kept: it is read past."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        return None


class BrowserEncryptedUploadHandler(FileUploadHandler):
    """What a browser has sealed. Small boxes stay in memory; texts, messages and files are kept piece by piece."""

    SMALL = ("ring", "identity", "reason")
    SMALLEST_BUCKET = 16 * 1024  # bytes that a box of 4 KiB has at most, sealed to a whole Commission
    LARGEST = BUCKETS[-1] + 16 * 1024

    def __init__(self, key: bytes, today: date):
        super().__init__()
        self.small: dict[str, bytes] = {}
        self.parts: dict[str, list[Part]] = {}
        self.too_large = False
        self._key, self._today = key, today
        self._coming: part_storage.PartWriter | None = None
        self._memory = bytearray()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        is_file = self.field_name == "file"
        if sum(map(len, self.parts.values())) > MAX_FILES or (
            is_file and not part_storage.has_upload_capacity(self._today)
        ):
            self.too_large = True
        if self.too_large:
            raise SkipFile
        if self.field_name in self.SMALL:
            self._memory = bytearray()
        else:
            self._coming = part_storage.PartWriter(self._key, self._today)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        most = self.LARGEST if self._coming else self.SMALLEST_BUCKET
        if start + len(raw_data) > most:
            self.too_large = True
        elif self._coming:
            self._coming.write(raw_data)
        else:
            self._memory += raw_data
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        coming, self._coming = self._coming, None
        name = self.field_name or ""
        if coming:
            self.parts.setdefault(name, []).append(coming.part())
        else:
            self.small[name] = bytes(self._memory)
        return UploadedFile(BytesIO(), name="-", size=0)

    def upload_interrupted(self) -> None:
        self.drop()

    def drop(self) -> None:
        """Nothing of what came is kept."""
        begun = [self._coming.id] if self._coming else []
        part_storage.delete_parts([*begun, *(part.id for parts in self.parts.values() for part in parts)])
        self._coming, self.parts = None, {}


class ServerEncryptingUploadHandler(FileUploadHandler):
    """Puts each file into the envelope as its bytes come."""

    def __init__(self, envelope: EncryptedTurn):
        super().__init__()
        self.too_large: list[str] = []
        self.too_many = self.no_room = False
        self.content = hashlib.sha256()  # of all files and their names: whether a form was sent twice
        self._envelope = envelope
        self._coming: EncryptedAttachment | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if len(self._envelope.files) >= MAX_FILES:
            self.too_many = True
            raise SkipFile
        if not part_storage.has_upload_capacity(self._envelope.today):
            self.no_room = True
            raise SkipFile
        name, media_type = self.file_name or "", self.content_type or ""
        self.content.update(f"\0{name}\0{len(self._envelope.files)}\0".encode(errors="replace"))
        self._coming = self._envelope.attach(name[-MAX_NAME_LENGTH:], media_type[:100])

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        assert self._coming
        self.content.update(raw_data)
        self._coming.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        assert self._coming
        coming, self._coming = self._coming, None
        coming.close()
        if not coming.fits:
            self.too_large.append(self.file_name or "")
        return UploadedFile(BytesIO(), name="-", size=0)  # for Django, which counts them; nobody reads it

    def upload_interrupted(self) -> None:
        self.drop()

    def drop(self) -> None:
        """Nothing of what came and was not sent is kept."""
        coming, self._coming = self._coming, None
        if coming:
            coming.drop()
        self._envelope.drop()
