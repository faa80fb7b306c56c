"""Lists of words kept as plain text beside the code, where anybody who knows the language can mend them."""

import re
from pathlib import Path


def read_concepts(name: str) -> dict[str, str]:
    """The lists of `words/{name}.txt`: a `[concept]`, then its entries."""
    text = (Path(__file__).parent / "words" / f"{name}.txt").read_text(encoding="utf-8")
    sections = re.split(r"^\[([\w-]+)\]$", text, flags=re.MULTILINE)[1:]
    return {
        concept: " ".join(entries.split()).rstrip(",")
        for concept, entries in zip(sections[::2], sections[1::2], strict=True)
    }
