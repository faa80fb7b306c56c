"""Looks for words in every shape that they could have been left behind in."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

AT_ONCE = 1 << 24


def shapes(words: str) -> set[bytes]:
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


def found_in(folder: Path, needles: Iterable[str]) -> list[str]:
    """The files below a folder in which any of the words is."""
    wanted = {shape for words in needles for shape in shapes(words)}
    longest = max(map(len, wanted))
    return [str(file) for file in _files(folder) if _holds(file, wanted, longest)]


def said_in(said: bytes, needles: Iterable[str]) -> bool:
    """Whether any of the words is in this."""
    return any(shape in said for words in needles for shape in shapes(words))


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _holds(file: Path, wanted: set[bytes], longest: int) -> bool:
    try:
        with file.open("rb") as source:
            tail = b""
            while block := source.read(AT_ONCE):
                if any(one in tail + block for one in wanted):
                    return True
                tail = block[-longest:]
    except FileNotFoundError:  # it went while we looked
        return False
    return False
