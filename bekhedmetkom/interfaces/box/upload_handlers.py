"""Upload handlers that encrypt files before they reach a disk, or store those that the browser encrypted."""

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
    """Ignores files where none are expected."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        return None


class BrowserEncryptedUploadHandler(FileUploadHandler):
    """Receives a request encrypted by the browser: small fields in memory, parts into the database."""

    SMALL_FIELDS = ("ring", "identity", "reason")
    MAX_SMALL_BYTES = 16 * 1024  # a 4 KiB frame encrypted to all members of a Commission
    MAX_FILE_BYTES = BUCKETS[-1] + 16 * 1024

    def __init__(self, key: bytes, today: date):
        super().__init__()
        self.small_fields: dict[str, bytes] = {}
        self.parts: dict[str, list[Part]] = {}
        self.too_large = False
        self._key, self._today = key, today
        self._writer: part_storage.PartWriter | None = None
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
        if self.field_name in self.SMALL_FIELDS:
            self._memory = bytearray()
        else:
            self._writer = part_storage.PartWriter(self._key, self._today)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        limit = self.MAX_FILE_BYTES if self._writer else self.MAX_SMALL_BYTES
        if start + len(raw_data) > limit:
            self.too_large = True
        elif self._writer:
            self._writer.write(raw_data)
        else:
            self._memory += raw_data
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        writer, self._writer = self._writer, None
        name = self.field_name or ""
        if writer:
            self.parts.setdefault(name, []).append(writer.finish())
        else:
            self.small_fields[name] = bytes(self._memory)
        return UploadedFile(BytesIO(), name="-", size=0)

    def upload_interrupted(self) -> None:
        self.discard()

    def discard(self) -> None:
        """Delete all parts that were stored."""
        begun = [self._writer.id] if self._writer else []
        part_storage.delete_parts([*begun, *(part.id for parts in self.parts.values() for part in parts)])
        self._writer, self.parts = None, {}


class ServerEncryptingUploadHandler(FileUploadHandler):
    """Encrypts each file into the turn while it is received."""

    def __init__(self, encrypted_turn: EncryptedTurn):
        super().__init__()
        self.too_large: list[str] = []
        self.too_many = self.is_full = False
        self.content_hash = hashlib.sha256()  # of all files and names, to recognise a form sent twice
        self._encrypted_turn = encrypted_turn
        self._attachment: EncryptedAttachment | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if len(self._encrypted_turn.files) >= MAX_FILES:
            self.too_many = True
            raise SkipFile
        if not part_storage.has_upload_capacity(self._encrypted_turn.today):
            self.is_full = True
            raise SkipFile
        name, media_type = self.file_name or "", self.content_type or ""
        self.content_hash.update(f"\0{name}\0{len(self._encrypted_turn.files)}\0".encode(errors="replace"))
        self._attachment = self._encrypted_turn.add_attachment(name[-MAX_NAME_LENGTH:], media_type[:100])

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        assert self._attachment
        self.content_hash.update(raw_data)
        self._attachment.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        assert self._attachment
        attachment, self._attachment = self._attachment, None
        attachment.close()
        if not attachment.is_accepted:
            self.too_large.append(self.file_name or "")
        return UploadedFile(BytesIO(), name="-", size=0)  # placeholder for Django, never read

    def upload_interrupted(self) -> None:
        self.discard()

    def discard(self) -> None:
        """Delete all files that were stored and not sent."""
        attachment, self._attachment = self._attachment, None
        if attachment:
            attachment.discard()
        self._encrypted_turn.discard()
