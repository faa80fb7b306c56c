"""What an officer writes before it is sent: which of it is one and the same draft, and how two texts of it differ.

Pure: the text that a colleague, or the same officer in another window, wrote meanwhile is laid beside one's own,
line by line, and from each place where they differ either is taken.
"""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

REPLY_DRAFT = "reply"
REPLY_PART_FIELDS = (
    "template",
    "unit",
    "on",
    "objection",
)  # what a reply has beside its text and its outcome
_REPLY_ACTIONS = ("draft", "submit", "answer")

# What others may have written meanwhile in the same place, by the field under which the journal keeps it.
TEXT_FIELDS_BY_DRAFT: Mapping[str, tuple[str, ...]] = {
    REPLY_DRAFT: ("reply", "answer"),
    "ask": ("question",),
    "decide": ("decision",),
    "transcribe": ("transcript",),
    "commit": ("commitment",),
    "fulfil": ("fulfilment",),
}


def get_draft_place(verb: str) -> str:
    """Under what the words of this verb's form are kept: saving, submitting and sending a reply write one draft."""
    return REPLY_DRAFT if verb in _REPLY_ACTIONS else verb


class DraftPiece(NamedTuple):
    """Lines in which two texts agree, or what stands in one's own and in the other's place of them."""

    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def same(self) -> bool:
        return self.mine == self.theirs


def compare_drafts(mine: str, theirs: str) -> list[DraftPiece]:
    """Both texts from top to bottom, line by line; a long line is taken apart after each sentence."""
    a, b = _split_lines(mine), _split_lines(theirs)
    matched = SequenceMatcher(None, a, b, autojunk=False)
    return [DraftPiece(tuple(a[i:j]), tuple(b[k:m])) for _tag, i, j, k, m in matched.get_opcodes()]


def merge_pieces(found: Sequence[DraftPiece], chosen: Mapping[int, str]) -> str:
    """One text of the pieces: of each that differs one's own lines, unless "theirs" or "both" was chosen for it."""
    return "".join(
        line for number, piece in enumerate(found) for line in _choose_lines(piece, chosen.get(number, ""))
    ).strip()


def _choose_lines(piece: DraftPiece, choice: str) -> tuple[str, ...]:
    match choice:
        case _ if piece.same:
            return piece.mine
        case "theirs":
            return piece.theirs
        case "both":
            return (*piece.mine, "\n", *piece.theirs)
        case _:
            return piece.mine


_SENTENCE_END = re.compile(r"(?<=[.!?؟۔…])(?= )|(?<=\n)")


def _split_lines(text: str) -> list[str]:
    """Sentences and lines, each with the blanks that keep it from the next, so that they join to the same text."""
    normal = text.replace("\r\n", "\n").rstrip()
    return [part for part in _SENTENCE_END.split(f"{normal}\n") if part] if normal else []
