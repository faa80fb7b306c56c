"""Word lists as plain text in `words/`, editable without knowledge of the code."""

import re
from pathlib import Path

_FOLDER = Path(__file__).parent / "words"


def read_concepts(name: str, folder: Path = _FOLDER) -> dict[str, str]:
    """Return {concept: entries} of `words/{name}.txt`, where `[concept]` headings precede comma-separated entries."""
    text = (folder / f"{name}.txt").read_text(encoding="utf-8")
    sections = re.split(r"^\[([\w-]+)\]$", text, flags=re.MULTILINE)[1:]
    return {
        concept: " ".join(entries.split()).rstrip(",")
        for concept, entries in zip(sections[::2], sections[1::2], strict=True)
    }


def read_lines(name: str) -> dict[str, list[str]]:
    """Return {heading: lines} of `words/{name}.txt`, one entry per line."""
    lists: dict[str, list[str]] = {}
    for line in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"\[([\w-]+)\]", line):
            lists[heading[1]] = []
        elif line.strip() and not line.startswith("#"):
            lists[next(reversed(lists))].append(line.strip())
    return lists
