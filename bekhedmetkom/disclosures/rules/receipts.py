"""The receipt: ten words that open a report's talk, and the keys that they stand for.

The browser does the same in `static/box/receipt.js`; `tests/box/vectors.json` holds both to the byte.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import pyrage
from nacl import pwhash

from .bech32 import encoded

COUNT = 10
CHECKED = (
    3,
    7,
)  # which words are asked for again, so that nobody leaves with a receipt they have not written down

_ALPHABET = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_SAME = {**dict(zip("ةىٱیېےکڪہھەۃ", "هيايييككهههه", strict=True)), "ء": "", "ـ": ""}
# Marks that may stand in or around a word and mean nothing: diacritics, and signs of direction or joining. Named
# one by one, because Python and browsers know different versions of Unicode's tables.
_MARKS = re.compile(
    "[\u0300-\u036f\u0610-\u061a\u061c\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff\u00ad\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
_WORD = re.compile(f"[{_ALPHABET}]+")
# Whoever forgot to change the keyboard's language types these keys of the Arabic (101) layout.
_KEYS = dict(zip("qwertyuiop[]asdfghjkl;'zxcvnm,./`", "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذ", strict=True)) | {
    "b": "لا"
}

_SALT = hashlib.sha256(b"bekhedmetkom box 1").digest()[:16]
_PASSES, _MEMORY = 3, 64 << 20


class NotAReceipt(ValueError):
    """What was typed is not ten words."""


class Keys(NamedTuple):
    """What the ten words stand for."""

    lookup: bytes  # finds the report; the server keeps it
    reader: str  # opens what the Commission answers; an age identity, never kept
    voice: bytes  # proves to each side who wrote; only discloser and Commission have it

    @property
    def recipient(self) -> str:
        """To whom the answers are sealed; the server keeps it."""
        return str(pyrage.x25519.Identity.from_str(self.reader).to_public())


@lru_cache(maxsize=1)
def word_list() -> tuple[str, ...]:
    """The 2,048 words that receipts are made of, as they are written (made by `tools/receipt_words.py`)."""
    text = resources.files("bekhedmetkom.disclosures").joinpath("words/arabic.txt").read_text("utf-8")
    return tuple(text.split())


def new_receipt() -> tuple[str, ...]:
    """Ten words by chance: 110 bits."""
    return tuple(secrets.choice(word_list()) for _ in range(COUNT))


def folded(text: str) -> list[str]:
    """The words of what a person typed, in the one spelling that counts.

    Hamzas, diacritics and tatweel fall away, ta marbuta is ha, alef maqsura is ya; whatever is no Arabic letter
    (blanks, numbers before the words, points) parts two words. Text with no Arabic letter at all is read by the
    keys of an Arabic keyboard.
    """
    letters = _letters(text)
    if not _WORD.search(letters):
        letters = _letters("".join(_KEYS.get(key, key) for key in text.lower()))
    return _WORD.findall(letters)


def _letters(text: str) -> str:
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return "".join(_SAME.get(letter, letter) for letter in plain)


def unknown(text: str) -> list[int]:
    """Which of the typed words (the first is 1) no receipt has."""
    known = _folded_list()
    return [place for place, word in enumerate(folded(text), 1) if word not in known]


@lru_cache(maxsize=1)
def _folded_list() -> frozenset[str]:
    return frozenset(_one(word) for word in word_list())


def canonical(words: Iterable[str] | str) -> bytes:
    """The bytes that the keys are derived from. Raises `NotAReceipt` unless there are ten words."""
    typed = folded(words if isinstance(words, str) else " ".join(words))
    if len(typed) != COUNT:
        raise NotAReceipt
    return " ".join(typed).encode()


def derive(words: Iterable[str] | str) -> Keys:
    """The keys of a receipt: Argon2id, then HKDF. Slow on purpose (0.07 s and 64 MiB)."""
    root = pwhash.argon2id.kdf(32, canonical(words), _SALT, opslimit=_PASSES, memlimit=_MEMORY)
    extracted = hmac.digest(bytes(32), root, "sha256")
    return Keys(
        lookup=_expanded(extracted, b"lookup")[:16],
        reader=encoded("age-secret-key-", _expanded(extracted, b"reader")).upper(),
        voice=_expanded(extracted, b"voice"),
    )


def _expanded(extracted: bytes, info: bytes) -> bytes:
    """HKDF-Expand (RFC 5869) of one block."""
    return hmac.digest(extracted, info + b"\x01", "sha256")


def written_down(receipt: Iterable[str], third: str, seventh: str) -> bool:
    """Whether somebody has their receipt before them: they typed its third and seventh word."""
    words = list(receipt)
    return all(
        _one(words[place - 1]) == _one(typed) for place, typed in zip(CHECKED, (third, seventh), strict=True)
    )


def _one(text: str) -> str:
    return " ".join(folded(text))
