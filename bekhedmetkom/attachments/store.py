"""Where the bytes of files lie: on disk below `BK_HOME/files`, or in a bucket (`S3_*`); the settings say which."""

from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

from django.core.files import File
from django.core.files.storage import Storage, storages


def keep(file: UUID, content: Path) -> None:
    """Put a clean file into the store under its id."""
    with content.open("rb") as clean:
        _store().save(place_of(file), File(clean))


def read(file: UUID) -> tuple[BinaryIO, int]:
    """A file's content and its size in bytes; `FileNotFoundError` where it was erased."""
    store = _store()
    opened = store.open(place_of(file))
    return cast(BinaryIO, opened), opened.size


def remove(file: UUID) -> None:
    """Delete the bytes; one that is not there is deleted already."""
    _store().delete(place_of(file))


def place_of(file: UUID) -> str:
    """Its id in folders of 256 each: no folder grows without end, and no name tells anything."""
    return f"{file.hex[:2]}/{file.hex}"


def _store() -> Storage:
    return storages["files"]
