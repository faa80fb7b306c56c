"""Search for texts in every encoding in which they could have been left behind."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

CHUNK_BYTES = 1 << 24


def list_encodings(text: str) -> set[bytes]:
    """Return the text in UTF-8 and UTF-16, escaped for JSON and URLs, in hexadecimal, and in base64 at each
    offset.
    """
    plain = text.encode()
    encodings = {
        plain,
        text.encode("utf-16-le"),
        json.dumps(text)[1:-1].encode(),
        quote(text).encode(),
        plain.hex().encode(),
    }
    for shift in range(3):
        encoded = b64encode(bytes(shift) + plain)
        encodings.add(encoded[4 if shift else 0 : -4])
    return encodings


def find_files_with_text(folder: Path, texts: Iterable[str]) -> list[str]:
    """Return the files in a folder that contain any of the texts."""
    wanted = {encoding for text in texts for encoding in list_encodings(text)}
    longest = max(map(len, wanted))
    return [str(file) for file in _list_files(folder) if _contains_any(file, wanted, longest)]


def contains_text(content: bytes, texts: Iterable[str]) -> bool:
    """Return whether the bytes contain any of the texts."""
    return any(encoding in content for text in texts for encoding in list_encodings(text))


def _list_files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _contains_any(file: Path, wanted: set[bytes], longest: int) -> bool:
    try:
        with file.open("rb") as source:
            tail = b""
            while block := source.read(CHUNK_BYTES):
                if any(encoding in tail + block for encoding in wanted):
                    return True
                tail = block[-longest:]
    except FileNotFoundError:  # deleted meanwhile
        return False
    return False
