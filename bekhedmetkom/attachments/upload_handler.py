"""Django upload handler that streams files to disk and stops at the size limit."""

from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from .cleaner_process import get_work_folder
from .rules import MAX_FILE_BYTES


class SizeLimitedUploadHandler(TemporaryFileUploadHandler):
    """Django's handler that writes to disk, with an end: of a file that is too long one byte too many is kept.

    So memory holds one piece of each upload, the disk never more than was allowed, and the file is refused for its
    size by whoever looks at it.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        get_work_folder()
        super().new_file(*args, **kwargs)
        self.written = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = MAX_FILE_BYTES + 1 - self.written
        if room > 0:
            self.file.write(raw_data[:room])
            self.written += len(raw_data[:room])

    def file_complete(self, file_size: int) -> TemporaryUploadedFile | None:
        complete = super().file_complete(self.written)
        assert complete is None or isinstance(complete, TemporaryUploadedFile)
        return complete
