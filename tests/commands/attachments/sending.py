"""Sending a file as a door does: its bytes on disk, its name beside them."""

from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from bekhedmetkom.attachments import commands, store
from bekhedmetkom.attachments.commands import Received
from bekhedmetkom.kernel.clock import AMMAN

NOON = datetime(2026, 11, 24, 12, tzinfo=AMMAN)


def send(content: bytes, name: str = "photo.jpg", at: datetime = NOON) -> Received:
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return commands.receive(name=name, content=Path(file.name), at=at)


def kept(received: Received) -> bytes:
    opened, _size = store.read(received.id)
    with opened:
        return opened.read()
