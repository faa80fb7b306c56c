"""File storage: on disk below `BK_HOME/files`, or in an S3 bucket (`S3_*`), as configured."""

from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

from django.core.files import File
from django.core.files.storage import Storage, storages


def save_file(file: UUID, content: Path) -> None:
    """Put a clean file into the store under its id."""
    with content.open("rb") as clean:
        _get_storage().save(get_storage_path(file), File(clean))


def open_file(file: UUID) -> tuple[BinaryIO, int]:
    """A file's content and its size in bytes; `FileNotFoundError` where it was erased."""
    store = _get_storage()
    opened = store.open(get_storage_path(file))
    return cast(BinaryIO, opened), opened.size


def delete_file(file: UUID) -> None:
    """Delete the bytes; one that is not there is deleted already."""
    _get_storage().delete(get_storage_path(file))


def get_storage_path(file: UUID) -> str:
    """Its id in folders of 256 each: no folder grows without end, and no name tells anything."""
    return f"{file.hex[:2]}/{file.hex}"


def _get_storage() -> Storage:
    return storages["files"]
