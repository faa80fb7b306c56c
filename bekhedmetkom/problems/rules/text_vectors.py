"""What a text is alike by: pieces of its words, so that spelling, dialect and Latin letters part it little.

A text becomes a line of numbers of length 1: each piece of two to five letters is added at a place that follows from
its spelling, heavier the rarer it is in how people write to public bodies. No word can be read from it. Texts are alike
when their lines are near: the sum of products, 1 at most.
"""

import math
import zlib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from bekhedmetkom.language.arabizi_decoder import to_arabic
from bekhedmetkom.language.naive_bayes import STOPWORDS, get_ngrams
from bekhedmetkom.language.word_lists import read_lines

TextVector: TypeAlias = npt.NDArray[np.floating[Any]]

VECTOR_SIZE = 1024  # half as many find a tenth fewer, twice as many not one more (docs/decisions/0060)
_MAX_LETTERS = 600  # letters; what a message is about stands in its beginning
_INT8_SCALE = 127


def build_text_vector(text: str) -> TextVector:
    """The signs of one text; all zero where it says nothing."""
    words = [word for word in to_arabic(text[:_MAX_LETTERS]).split() if word not in STOPWORDS]
    pieces = Counter(chain.from_iterable(map(get_ngrams, words)))
    if not pieces:
        return np.zeros(VECTOR_SIZE, dtype=np.float32)
    places, weights = zip(*map(_hash_ngram, pieces), strict=True)
    times = np.fromiter(pieces.values(), dtype=float)
    return normalise(np.bincount(places, (1 + np.log(times)) * weights, VECTOR_SIZE).astype(np.float32))


def normalise(line: TextVector) -> TextVector:
    """The same direction, at length 1."""
    length = float(np.linalg.norm(line))
    return line / length if length else line


def pack_vector(line: TextVector) -> bytes:
    """A kilobyte, as it is kept."""
    kept: bytes = np.rint(line / max(float(np.abs(line).max()), 1e-9) * _INT8_SCALE).astype(np.int8).tobytes()
    return kept


def unpack_vectors(kept: bytes) -> TextVector:
    """Many of them, one behind the other: a row each."""
    lines = np.frombuffer(kept, dtype=np.int8).reshape(-1, VECTOR_SIZE).astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", lines, lines))
    lengths[lengths == 0] = 1
    lines /= lengths[:, None]  # in place: of ten thousand, a copy takes longer than all the rest
    return lines


def average_vectors(lines: Iterable[TextVector]) -> TextVector:
    """What several have in common."""
    return normalise(np.sum(list(lines), axis=0))


@lru_cache(maxsize=200_000)
def _hash_ngram(piece: str) -> tuple[int, float]:
    """Where a piece is added, and how much it counts there: half of all pieces are taken away instead of added."""
    code = zlib.crc32(piece.encode("utf-8", "replace"))
    often, lines = _get_document_frequencies()
    weight = math.log((1 + lines) / (1 + often[piece]))
    return code % VECTOR_SIZE, weight if code >> 16 & 1 else -weight


@lru_cache(maxsize=1)
def _get_document_frequencies() -> tuple[Counter[str], int]:
    """In how many of the lines that people say (`language/words/entity_phrases.txt`) each piece stands, of how many."""
    lines = [line for own in read_lines("entity_phrases").values() for line in own]
    often: Counter[str] = Counter()
    for line in lines:
        often.update(set(chain.from_iterable(map(get_ngrams, to_arabic(line).split()))))
    return often, len(lines)
