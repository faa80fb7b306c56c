"""Looks for words in every shape that they could have been left behind in."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

CHUNK_BYTES = 1 << 24


def list_encodings(words: str) -> set[bytes]:
    """As UTF-8 and UTF-16, escaped for JSON and addresses, in hexadecimal, and in base64 wherever it begins."""
    plain = words.encode()
    found = {
        plain,
        words.encode("utf-16-le"),
        json.dumps(words)[1:-1].encode(),
        quote(words).encode(),
        plain.hex().encode(),
    }
    for shift in range(3):
        whole = b64encode(bytes(shift) + plain)
        found.add(whole[4 if shift else 0 : -4])
    return found


def find_files_with_text(folder: Path, needles: Iterable[str]) -> list[str]:
    """The files below a folder in which any of the words is."""
    wanted = {shape for words in needles for shape in list_encodings(words)}
    longest = max(map(len, wanted))
    return [str(file) for file in _list_files(folder) if _contains_any(file, wanted, longest)]


def contains_text(said: bytes, needles: Iterable[str]) -> bool:
    """Whether any of the words is in this."""
    return any(shape in said for words in needles for shape in list_encodings(words))


def _list_files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _contains_any(file: Path, wanted: set[bytes], longest: int) -> bool:
    try:
        with file.open("rb") as source:
            tail = b""
            while block := source.read(CHUNK_BYTES):
                if any(one in tail + block for one in wanted):
                    return True
                tail = block[-longest:]
    except FileNotFoundError:  # it went while we looked
        return False
    return False
