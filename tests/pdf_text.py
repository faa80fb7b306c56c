"""The letters and numbers of a PDF, in the order in which they are drawn, as far as its fonts name them."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

_GLYPH_MAPPING = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>")


def extract_pdf_text(pdf: bytes) -> list[str]:
    """Run by run, page by page."""
    with pikepdf.open(io.BytesIO(pdf)) as book:
        return [run for page in book.pages for run in _iterate_text_runs(page.obj, page.obj.Resources, {})]


def _iterate_text_runs(stream: Any, resources: Any, seen: dict[Any, dict[int, str]]) -> Iterator[str]:
    glyphs: dict[int, str] = {}
    said = ""
    for step in pikepdf.parse_content_stream(stream):
        operands, operator = step.operands, step.operator
        match str(operator):
            case "Tf":
                glyphs = _read_glyphs(resources.Font[operands[0]], seen)
            case "Tj" | "TJ":
                parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
                pairs = range(0, len(codes), 2)
                said += "".join(glyphs.get(int.from_bytes(codes[at : at + 2], "big"), "") for at in pairs)
            case "ET":
                yield said
                said = ""
            case "Do":
                form = resources.XObject[operands[0]]
                if form.get("/Subtype") == "/Form":
                    yield from _iterate_text_runs(form, form.get("/Resources", resources), seen)


def _read_glyphs(font: Any, seen: dict[Any, dict[int, str]]) -> dict[int, str]:
    key = font.objgen
    if key not in seen:
        named = font.ToUnicode.read_bytes()
        single = named.split(b"beginbfchar")[1:]
        seen[key] = {
            int(code, 16): bytes.fromhex(letters.decode()).decode("utf-16-be")
            for block in single
            for code, letters in _GLYPH_MAPPING.findall(block.split(b"endbfchar")[0])
        }
    return seen[key]
