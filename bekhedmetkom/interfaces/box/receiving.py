"""Files, encrypted while they come in: no byte of them touches a disk before."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from bekhedmetkom.disclosures.envelope import Attachment, Envelope

MOST_FILES = 10
LONGEST_NAME = 200


class NoFiles(FileUploadHandler):
    """Where no file is expected, none is kept: it is read past."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        return None


class Encrypting(FileUploadHandler):
    """Puts each file into the envelope as its bytes come."""

    def __init__(self, envelope: Envelope):
        super().__init__()
        self.too_large: list[str] = []
        self.too_many = False
        self._envelope = envelope
        self._coming: Attachment | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if len(self._envelope.files) >= MOST_FILES:
            self.too_many = True
            raise SkipFile
        name, media_type = self.file_name or "", self.content_type or ""
        self._coming = self._envelope.attach(name[-LONGEST_NAME:], media_type[:100])

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        assert self._coming
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
