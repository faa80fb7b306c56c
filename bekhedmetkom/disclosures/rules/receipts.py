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

from .bech32 import encode_bech32

WORD_COUNT = 10
CHECKED_POSITIONS = (
    3,
    7,
)  # which words are asked for again, so that nobody leaves with a receipt they have not written down

_ALPHABET = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_LETTER_FOLDS = {**dict(zip("ةىٱیېےکڪہھەۃ", "هيايييككهههه", strict=True)), "ء": "", "ـ": ""}
# Marks that may stand in or around a word and mean nothing: diacritics, and signs of direction or joining. Named
# one by one, because Python and browsers know different versions of Unicode's tables.
_MARKS = re.compile(
    "[\u0300-\u036f\u0610-\u061a\u061c\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff\u00ad\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
_WORD = re.compile(f"[{_ALPHABET}]+")
# Whoever forgot to change the keyboard's language types these keys of the Arabic (101) layout.
_KEYBOARD_LETTERS = dict(
    zip("qwertyuiop[]asdfghjkl;'zxcvnm,./`", "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذ", strict=True)
) | {"b": "لا"}

_SALT = hashlib.sha256(b"bekhedmetkom box 1").digest()[:16]
_PASSES, _MEMORY = 3, 64 << 20


class InvalidReceipt(ValueError):
    """What was typed is not ten words."""


class ReceiptKeys(NamedTuple):
    """What the ten words stand for."""

    lookup_id: bytes  # finds the report; stored by the server
    reader_identity: str  # age identity that opens the Commission's messages; never stored
    voice: bytes  # MAC key shared by discloser and Commission only: proves who wrote

    @property
    def recipient(self) -> str:
        """To whom the answers are sealed; the server keeps it."""
        return str(pyrage.x25519.Identity.from_str(self.reader_identity).to_public())


@lru_cache(maxsize=1)
def get_word_list() -> tuple[str, ...]:
    """The 2,048 words that receipts are made of, as they are written (made by `tools/receipt_words.py`)."""
    text = resources.files("bekhedmetkom.disclosures").joinpath("words/arabic.txt").read_text("utf-8")
    return tuple(text.split())


def generate_receipt() -> tuple[str, ...]:
    """Ten words by chance: 110 bits."""
    return tuple(secrets.choice(get_word_list()) for _ in range(WORD_COUNT))


def fold_words(text: str) -> list[str]:
    """The words of what a person typed, in the one spelling that counts.

    Hamzas, diacritics and tatweel fall away, ta marbuta is ha, alef maqsura is ya; whatever is no Arabic letter
    (blanks, numbers before the words, points) parts two words. Text with no Arabic letter at all is read by the
    keys of an Arabic keyboard.
    """
    letters = _fold_letters(text)
    if not _WORD.search(letters):
        letters = _fold_letters("".join(_KEYBOARD_LETTERS.get(key, key) for key in text.lower()))
    return _WORD.findall(letters)


def _fold_letters(text: str) -> str:
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return "".join(_LETTER_FOLDS.get(letter, letter) for letter in plain)


def find_unknown_words(text: str) -> list[int]:
    """Which of the typed words (the first is 1) no receipt has."""
    known = _get_folded_word_list()
    return [place for place, word in enumerate(fold_words(text), 1) if word not in known]


@lru_cache(maxsize=1)
def _get_folded_word_list() -> frozenset[str]:
    return frozenset(_fold_word(word) for word in get_word_list())


def encode_receipt(words: Iterable[str] | str) -> bytes:
    """The bytes that the keys are derived from. Raises `NotAReceipt` unless there are ten words."""
    typed = fold_words(words if isinstance(words, str) else " ".join(words))
    if len(typed) != WORD_COUNT:
        raise InvalidReceipt
    return " ".join(typed).encode()


def derive_keys(words: Iterable[str] | str) -> ReceiptKeys:
    """The keys of a receipt: Argon2id, then HKDF. Slow on purpose (0.07 s and 64 MiB)."""
    root = pwhash.argon2id.kdf(32, encode_receipt(words), _SALT, opslimit=_PASSES, memlimit=_MEMORY)
    extracted = hmac.digest(bytes(32), root, "sha256")
    return ReceiptKeys(
        lookup_id=_expand_key(extracted, b"lookup")[:16],
        reader_identity=encode_bech32("age-secret-key-", _expand_key(extracted, b"reader")).upper(),
        voice=_expand_key(extracted, b"voice"),
    )


def _expand_key(extracted: bytes, info: bytes) -> bytes:
    """HKDF-Expand (RFC 5869) of one block."""
    return hmac.digest(extracted, info + b"\x01", "sha256")


def is_written_down(receipt: Iterable[str], third: str, seventh: str) -> bool:
    """Whether somebody has their receipt before them: they typed its third and seventh word."""
    words = list(receipt)
    return all(
        _fold_word(words[place - 1]) == _fold_word(typed)
        for place, typed in zip(CHECKED_POSITIONS, (third, seventh), strict=True)
    )


def _fold_word(text: str) -> str:
    return " ".join(fold_words(text))
