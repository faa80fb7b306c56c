"""Sending a file as a door does: its bytes on disk, its name beside them."""

from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from bekhedmetkom.attachments import commands, storage
from bekhedmetkom.attachments.commands import ReceivedFile
from bekhedmetkom.kernel.clock import AMMAN

NOON = datetime(2026, 11, 24, 12, tzinfo=AMMAN)


def upload_file(content: bytes, name: str = "photo.jpg", at: datetime = NOON) -> ReceivedFile:
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return commands.receive_file(name=name, content=Path(file.name), at=at)


def read_stored_file(received: ReceivedFile) -> bytes:
    opened, _size = storage.open_file(received.id)
    with opened:
        return opened.read()
