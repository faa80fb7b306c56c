"""Lists of words kept as plain text beside the code, where anybody who knows the language can mend them."""

import re
from pathlib import Path

_FOLDER = Path(__file__).parent / "words"


def read_concepts(name: str, folder: Path = _FOLDER) -> dict[str, str]:
    """The lists of `words/{name}.txt`: a `[concept]`, then its entries."""
    text = (folder / f"{name}.txt").read_text(encoding="utf-8")
    sections = re.split(r"^\[([\w-]+)\]$", text, flags=re.MULTILINE)[1:]
    return {
        concept: " ".join(entries.split()).rstrip(",")
        for concept, entries in zip(sections[::2], sections[1::2], strict=True)
    }


def read_lines(name: str) -> dict[str, list[str]]:
    """The lists of `words/{name}.txt` whose entries stand one a line."""
    lists: dict[str, list[str]] = {}
    for line in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"\[([\w-]+)\]", line):
            lists[heading[1]] = []
        elif line.strip() and not line.startswith("#"):
            lists[next(reversed(lists))].append(line.strip())
    return lists
